// Chance that is the same in each run.
let seed = 20261127;
export const random = () => {
  seed = (seed + 0x6D2B79F5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
export const below = (n) => Math.floor(random() * n);
export const pick = (list) => list[below(list.length)];
