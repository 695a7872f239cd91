// Parser, printer and coercion alone beside graphql-js: documents and values that are written, generated and mutated, the
// same in each run. What the one takes the other takes, and makes the same of it; what the one refuses the other refuses
// at the same place, in the same words where it says so below.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { buildSchema, getArgumentValues, getVariableValues, parse, print } from 'graphql';
import { below, pick, random } from './seeded_random.mjs';

const ours = (cases) => {
  const input = cases.map((one) => JSON.stringify(one)).join('\n');
  const done = spawnSync(process.env.SYNTAX, { input, encoding: 'utf8', maxBuffer: 1 << 29 });
  assert.equal(done.status, 0, done.stderr);
  const lines = done.stdout.split('\n').slice(0, -1);
  assert.equal(lines.length, cases.length);
  return lines.map((line) => JSON.parse(line));
};

const maybe = (chance, make) => (random() < chance ? make() : '');
const times = (most, make) => Array.from({ length: below(most + 1) }, make);
const some = (most, make) => [make(), ...times(most - 1, make)];

// Documents by their grammar.
const names = ['a', 'b', 'id', 'Card', 'on', 'query', 'fragment', 'type', 'true', 'false', 'null', 'input', 'extend', '_x1', 'repeatable', 'implements', 'schema'];
const name = () => pick(names);
const plainName = () => pick(names.filter((one) => !['on', 'true', 'false', 'null'].includes(one)));
const strings = ['""', '"x"', '"\\n\\t\\"\\\\\\/"', '"\\u00e9\\u{1F600}"', '"\\uD83D\\uDE00"', '"é😀"', '""""""', '"""x"""', '"""\n    a\n      b\n\n    """',
  '"""  lead\n  next"""', '"""\\"""  """', '"""a\r\nb\rc"""', '"""\t\n\t\ttab\n"""', '"""ends in quote\\"\\n\n"""', '"""back\\\\slash\\"""', '"""\n\n"""', '"""one long line of text that goes beyond seventy characters so that it is laid out"""'];
const numbers = ['0', '-0', '1', '-17', '1.5', '-0.25', '1e3', '1E-3', '0.0e+10', '123456789012345678901234567890'];
const value = (depth, isConstant) => {
  const kind = below(depth > 2 ? 6 : 8);
  if (kind === 0) return isConstant ? '1' : `$${name()}`;
  if (kind === 1) return pick(numbers);
  if (kind === 2) return pick(strings);
  if (kind === 3) return pick(['true', 'false', 'null']);
  if (kind < 6) return plainName();
  if (kind === 6) return `[${times(3, () => value(depth + 1, isConstant)).join(pick([' ', ', ', ',\n']))}]`;
  return `{${times(3, () => `${name()}: ${value(depth + 1, isConstant)}`).join(pick([' ', ', ']))}}`;
};
const argumentsOf = (isConstant) => maybe(0.4, () => `(${some(3, () => `${name()}: ${value(0, isConstant)}`).join(', ')})`);
const directives = (isConstant) => times(2, () => ` @${name()}${argumentsOf(isConstant)}`).join('');
const type = (depth = 0) => {
  const inner = depth < 3 && random() < 0.3 ? `[${type(depth + 1)}]` : name();
  return inner + maybe(0.3, () => '!');
};
const selections = (depth) => `{ ${some(3, () => {
  const kind = random();
  if (kind < 0.12) return `...${pick(names.filter((one) => one !== 'on'))}${directives(false)}`;
  if (kind < 0.24) return `...${maybe(0.7, () => ` on ${name()}`)}${directives(false)} ${depth > 3 ? '{ a }' : selections(depth + 1)}`;
  return `${maybe(0.2, () => `${name()}: `)}${name()}${argumentsOf(false)}${directives(false)}${depth > 3 ? '' : maybe(0.35, () => ` ${selections(depth + 1)}`)}`;
}).join(pick([' ', '\n', ', ']))} }`;
const description = () => maybe(0.3, () => `${pick(strings)} `);
const inputValue = () => `${description()}${name()}: ${type()}${maybe(0.3, () => ` = ${value(0, true)}`)}${directives(true)}`;
const fieldDefinition = () => `${description()}${name()}${maybe(0.3, () => `(${some(3, inputValue).join(pick([', ', '\n']))})`)}: ${type()}${directives(true)}`;
const block = (make) => maybe(0.8, () => ` { ${some(3, make).join('\n')} }`);
const implementing = () => maybe(0.3, () => ` implements ${maybe(0.3, () => '& ')}${some(2, name).join(' & ')}`);
const locations = ['FIELD', 'QUERY', 'SCHEMA', 'OBJECT', 'FRAGMENT_SPREAD', 'ENUM_VALUE', 'INPUT_FIELD_DEFINITION'];
const definitions = [
  () => selections(0),
  () => selections(0),
  () => `${pick(['query', 'mutation', 'subscription'])}${maybe(0.6, () => ` ${name()}`)}${maybe(0.4, () => `(${some(3, () => `$${name()}: ${type()}${maybe(0.3, () => ` = ${value(0, true)}`)}${directives(true)}`).join(', ')})`)}${directives(false)} ${selections(0)}`,
  () => `fragment ${pick(names.filter((one) => one !== 'on'))} on ${name()}${directives(false)} ${selections(0)}`,
  () => `${description()}schema${directives(true)} { ${some(2, () => `${pick(['query', 'mutation', 'subscription'])}: ${name()}`).join(' ')} }`,
  () => `${description()}scalar ${name()}${directives(true)}`,
  () => `${description()}type ${name()}${implementing()}${directives(true)}${block(fieldDefinition)}`,
  () => `${description()}interface ${name()}${implementing()}${directives(true)}${block(fieldDefinition)}`,
  () => `${description()}union ${name()}${directives(true)}${maybe(0.8, () => ` = ${maybe(0.3, () => '| ')}${some(3, name).join(' | ')}`)}`,
  () => `${description()}enum ${name()}${directives(true)}${block(() => `${description()}${plainName()}${directives(true)}`)}`,
  () => `${description()}input ${name()}${directives(true)}${block(inputValue)}`,
  () => `${description()}directive @${name()}${maybe(0.4, () => `(${some(2, inputValue).join(', ')})`)}${maybe(0.3, () => ' repeatable')} on ${maybe(0.3, () => '| ')}${some(3, () => pick(locations)).join(' | ')}`,
  () => `extend schema${directives(true)}${maybe(0.5, () => ` { query: ${name()} }`)}`,
  () => `extend scalar ${name()}${directives(true)}`,
  () => `extend ${pick(['type', 'interface'])} ${name()}${implementing()}${directives(true)}${block(fieldDefinition)}`,
  () => `extend union ${name()}${directives(true)}${maybe(0.5, () => ` = ${name()}`)}`,
  () => `extend enum ${name()}${directives(true)}${maybe(0.5, () => ` { ${plainName()} }`)}`,
  () => `extend input ${name()}${directives(true)}${block(inputValue)}`,
];
const document = () => some(2, () => pick(definitions)()).join(pick([' ', '\n', '\r\n', '\r', ' # a comment é😀 {\n']));

// Broken ones: of tokens, and of characters within them.
const words = ['{', '}', '(', ')', '[', ']', ':', '=', '!', '|', '&', '@', '$', '...', '$x', '1', '-', '1.', '.5', '01', '1e', '1x', '"', '"""', '"\\x"', '"\\u12"',
  '"\\u{}"', '"\\u{110000}"', '"\\uD83D"', '"\\uDE00"', '"a\nb"', '#', '\ufeff', '\u0000', '\u0007', '?', '%', "'", '..', 'é', '😀', 'on', 'query', 'fragment', 'type', 'extend', 'null', 'true'];
const breakTokens = (text) => {
  const tokens = text.match(/"""(?:[^"\\]|\\"""|\\|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|\s+|./gsu) ?? [''];
  for (let i = 0; i <= below(3); ++i) {
    const at = below(tokens.length);
    pick([() => tokens.splice(at, 1), () => { tokens[at] = pick(words); }, () => tokens.splice(at, 0, pick(words)), () => tokens.splice(at, 0, tokens[at]), () => tokens.splice(at)])();
  }
  return tokens.join('');
};
const odd = [...'{}()[]:=!|&@$."\\#\n\r\t ,0123456789eE+-_aZ', '\ufeff', 'é', '😀', '\u0000', '\u001f', '\u007f', '\u2028'];
const breakCharacters = (text) => {
  const characters = [...text];
  for (let i = 0; i <= below(3); ++i) {
    const at = below(characters.length + 1);
    pick([() => characters.splice(at, 1), () => characters.splice(at, 1, pick(odd)), () => characters.splice(at, 0, pick(odd))])();
  }
  return characters.join('');
};

const places = (errors) => errors.map(({ locations: at }) => (at ?? []).map(({ line, column }) => `${line}:${column}`).join(' '));
// Ours show no more than a part of what is long.
const areSameWords = (us, js) => us.length === js.length && us.every(({ message }, i) => {
  if (!message.includes('…')) return message === js[i].message;
  const parts = message.split('…');
  return js[i].message.startsWith(parts[0]) && js[i].message.endsWith(parts.at(-1));
});
const areSameErrors = (us, js) => us !== undefined && places(us).join() === places(js).join() && areSameWords(us, js);
const parsed = (text) => {
  try {
    return { printed: print(parse(text, { maxTokens: 15000 })) };
  } catch (error) {
    return { errors: [JSON.parse(JSON.stringify(error))] };
  }
};

// The first of what is different, and how much there is.
const verify = (differences) => {
  if (process.env.SHOW) console.log(JSON.stringify(differences.slice(0, 20), null, 1));
  assert.equal(differences.length, 0, JSON.stringify(differences.slice(0, 5), null, 1));
};

test('documents are read, refused and printed as graphql-js does it', () => {
  const texts = ['', ' ', '#', '\ufeff', '{', '{a', '{a}', '{a}}', ...strings.map((one) => `{ a(b: ${one}) }`), ...strings.map((one) => `${one} type A`),
    ...strings.map((one) => `type A { ${one} a(${one} b: C): D }`), ...numbers.map((one) => `{ a(b: ${one}) }`), ...words.map((one) => `{ a(b: ${one}) }`), ...words, ...words.map((one) => `{ a ${one}`)];
  for (let i = 0; i < 3000; ++i) texts.push(document());
  const whole = [...texts];
  for (let i = 0; i < 3000; ++i) texts.push(breakTokens(pick(whole)), breakCharacters(pick(whole)));
  const cases = texts.filter((text) => text.isWellFormed());
  const answers = ours(cases.map((text) => ({ parse: text })));
  const differences = [];
  const counts = { printed: 0, refused: 0 };
  for (const [i, text] of cases.entries()) {
    const [us, js] = [answers[i], parsed(text)];
    ++counts[js.printed === undefined ? 'refused' : 'printed'];
    const isSame = js.errors ? areSameErrors(us.errors, js.errors) : us.printed === js.printed;
    if (!isSame) differences.push({ text, us, js });
  }
  console.log(JSON.stringify(counts));
  verify(differences);
  assert.ok(counts.printed > 3000 && counts.refused > 3000, JSON.stringify(counts));
});

// Values.
const sdl = `
  type Query {
    values(int: Int, float: Float, text: String, flags: [Boolean!]! = [true], id: ID, color: Color, any: Any, where: CardFilter, order: [Order!], by: Lookup, grid: [[Int!]]): String
    required(int: Int!, where: CardFilter!, grid: [[Int!]!]!): String
  }
  enum Kind { CARD PERSON COMPANY }
  enum Color { RED BLUE }
  scalar Any
  input CardFilter { title: String color: Color and: [CardFilter!] limit: Int! = 5 need: Need }
  input Need { id: ID! count: Int }
  input Order { by: String! descending: Boolean = false }
  input Lookup @oneOf { id: ID title: String }`;
const schema = buildSchema(sdl);
const inputs = {
  CardFilter: { title: 'String', color: 'Color', and: '[CardFilter!]', limit: 'Int!', need: 'Need' }, Need: { id: 'ID!', count: 'Int' },
  Order: { by: 'String!', descending: 'Boolean' }, Lookup: { id: 'ID', title: 'String' },
};
const leaves = { Int: [0, -7, 2147483647, -2147483648, 3.0], Float: [0, 1.5, -2, 1e300, 1e-9], String: ['', 'x', 'é😀'], Boolean: [true, false], ID: ['a', '', 7, -3], Color: ['RED', 'BLUE'], Kind: ['CARD'], Any: [1, 'x', null, [1, 'y'], { a: [1.5, true] }] };
const wrong = [null, 0, 1.5, 2147483648, -2147483649, 1e300, 1e21, 123456789012345680000, '', 'x', 'RDE', '1', true, [], [[]], [1, 'x', null], {}, { a: 1 }, { id: null }, { titel: 'x', limit: null }, { id: 'a', title: 'b' }, 'a "quoted" \\ line\n', '\u0000\u0007é😀'];
// What a literal has too much is refused by validation, before graphql-js coerces it.
const unknown = (one) => one !== null && typeof one === 'object' && !Array.isArray(one) && Object.keys(one).length > 0;
const given = (of, isLiteral, depth = 0) => {
  if (random() < 0.015) return structuredClone(pick(isLiteral ? wrong.filter((one) => !unknown(one)) : wrong));
  if (of.endsWith('!')) return given(of.slice(0, -1), isLiteral, depth) ?? given(of.slice(0, -1), isLiteral, depth);
  if (random() < 0.1) return null;
  if (of.startsWith('[')) {
    const item = of.slice(1, -1);
    return random() < 0.2 ? given(item, isLiteral, depth + 1) : times(12, () => given(item, isLiteral, depth + 1)).slice(0, random() < 0.9 ? 3 : 12);
  }
  if (!inputs[of]) return structuredClone(pick(leaves[of]));
  const object = {};
  for (const [member, its] of Object.entries(inputs[of])) if (depth < 4 && random() < (its.endsWith('!') ? 0.93 : 0.4)) object[member] = given(its, isLiteral, depth + 1);
  if (!isLiteral && random() < 0.03) object[pick(['titel', 'unknown', 'Title', 'ids'])] = pick(wrong);
  return object;
};
// As a literal, in which a variable may stand.
const literal = (one, variables) => {
  if (variables.length > 0 && random() < 0.07) return `$${pick(variables)}`;
  if (Array.isArray(one)) return `[${one.map((item) => literal(item, variables)).join(', ')}]`;
  if (one !== null && typeof one === 'object') return `{${Object.entries(one).map(([member, its]) => `${member}: ${literal(its, variables)}`).join(', ')}}`;
  if (typeof one === 'string' && /^[A-Z]+$/.test(one)) return random() < 0.9 ? one : JSON.stringify(one);
  if (typeof one === 'number') return random() < 0.2 && Number.isInteger(one) && Math.abs(one) < 1e9 ? `${one}.0` : String(one).replace('e+', 'e');
  return JSON.stringify(one);
};
const types = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Color', 'Any', 'CardFilter', 'Need', 'Order', 'Lookup'].flatMap((one) => [one, one, `${one}!`, `[${one}]`, `[${one}!]`, `[[${one}!]!]!`]);
const defaults = { Int: '3', Float: '3', String: '"d"', Boolean: 'true', ID: '3', Color: 'RED', Any: '{a: [1, RED, 2.5]}', CardFilter: '{title: "x", and: {color: BLUE}}', Need: '{id: 1}', Order: '{by: "x"}', Lookup: '{id: 1}' };
const coercion = () => {
  const variables = ['a', 'b', 'c'].slice(0, below(4)).map((one) => {
    const its = pick(types);
    const fallback = maybe(0.3, () => ` = ${defaults[its.replaceAll(/[[\]!]/g, '')]}`);
    return { name: one, type: its, text: `$${one}: ${its}${fallback}` };
  });
  const provided = Object.fromEntries(variables.filter(() => random() < 0.85).map(({ name: one, type: its }) => [one, given(its, false)]));
  if (random() < 0.05) provided.undefined = 'nobody asks for it';
  const field = random() < 0.8 ? 'values' : 'required';
  const args = schema.getQueryType().getFields()[field].args.filter((one) => random() < (String(one.type).endsWith('!') ? 0.93 : 0.3))
    .map((one) => `${one.name}: ${literal(given(String(one.type), true), variables.map((v) => v.name))}`);
  const text = `query${variables.length > 0 ? ` (${variables.map((v) => v.text).join(pick([', ', '\n']))})` : ''} {\n  ${field}${args.length > 0 ? `(${args.join(pick([', ', '\n    ']))})` : ''}\n}`;
  return { document: text, variables: provided };
};
const coerced = ({ document: text, variables: provided }) => {
  const { definitions: [operation] } = parse(text);
  const { coerced: variables, errors } = getVariableValues(schema, operation.variableDefinitions, provided, { maxErrors: 50 });
  if (errors) return { errors: JSON.parse(JSON.stringify(errors)) };
  const [field] = operation.selectionSet.selections;
  try {
    return JSON.parse(JSON.stringify({ variables, arguments: getArgumentValues(schema.getQueryType().getFields()[field.name.value], field, variables) }));
  } catch (error) {
    return { errors: [JSON.parse(JSON.stringify(error))] };
  }
};

test('variables and arguments are coerced and refused as graphql-js does it', () => {
  const cases = Array.from({ length: 6000 }, coercion);
  const answers = ours([{ schema: sdl }, ...cases]).slice(1);
  const differences = [];
  const counts = { coerced: 0, refused: 0 };
  for (const [i, one] of cases.entries()) {
    const [us, js] = [answers[i], coerced(one)];
    ++counts[js.errors ? 'refused' : 'coerced'];
    const isSame = js.errors ? areSameErrors(us.errors, js.errors) : isDeepStrictEqual(us, js);
    if (!isSame) differences.push({ ...one, us, js });
  }
  console.log(JSON.stringify(counts));
  verify(differences);
  assert.ok(counts.coerced > 1500 && counts.refused > 1500, JSON.stringify(counts));
});
