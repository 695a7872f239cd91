// graphql_api.cpp's schema once more, on graphql-js: documents that are written, mutated and generated are answered
// equally: data, and the paths and places of errors. Their sentences are not compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildClientSchema, buildSchema, execute, getIntrospectionQuery, getNamedType, GraphQLError, isAbstractType,
  isCompositeType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField,
  isUnionType, lexicographicSortSchema, parse, printSchema, validate,
} from 'graphql';
import { pick, random } from './seeded_random.mjs';

const api = process.env.API;
const sdl = await (await fetch(`${api}/schema`)).json();
const schema = buildSchema(sdl);
const post = async (body, path = '/graphql') => {
  const response = await fetch(api + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify(body),
  });
  return response.json();
};

// The twin.
const later = () => new Promise((resolve) => setTimeout(resolve, 1));
const colors = ['RED', 'GREEN', 'BLUE'];
const numberOf = (id) => parseInt(id, 10) || 0;
const person = (n) => {
  const home = n % 3 !== 0 ? { street: `Street ${n}`, number: n % 2 === 1 ? n : null } : null;
  return {
    __typename: 'Person', id: String(n), fullName: `Person ${n}`, age: n % 2 === 0 ? n * 10 : null,
    tags: [`t${n}`, '"quoted" \n'], home: home && { ...home, slowStreet: async () => { await later(); return home.street; } },
    color: colors[n % 3], score: n / 4, marks: [1, null, n], extra: n % 4 === 1 ? { a: [1, null, 'x'] } : null,
    friends: async ({ first, color }) => {
      await later();
      const all = Array.from({ length: Math.max(first, 0) }, (_, i) => person(n + i + 1));
      return all.filter((one) => color == null || one.color === color);
    },
    bestFriend: async () => { await later(); return n % 2 === 1 ? null : person(n + 1); },
    pets: () => [0, 1, 2].map((i) => pet(n + i)),
    strict: () => { if (n % 3 === 0) throw new GraphQLError('strict fails'); return `strict ${n}`; },
    slowStrict: async () => { await later(); if (n % 5 === 0) throw new GraphQLError('slow_strict fails'); return n; },
    fails: () => { if (n % 2 === 0) throw new GraphQLError('fails'); return 'does not'; },
    greeting: ({ word, times }) => `${word} Person ${n};`.repeat(Math.max(times ?? 1, 0)),
  };
};
const pet = (n) => {
  if (n % 3 === 0) return null;
  return n % 3 === 1 ? { __typename: 'Dog', id: `dog${n}`, name: `Dog ${n}`, barks: n }
    : { __typename: 'Cat', id: `cat${n}`, name: `Cat ${n}`, isLazy: n % 2 === 0 };
};
const told = (filter) => filter == null ? null : {
  ids: filter.ids ?? null, color: 'color' in filter ? filter.color : 'missing', limit: filter.limit,
  score: filter.score ?? null, nested: told(filter.nested),
};
const root = {
  hello: 'world',
  person: ({ id }) => numberOf(id) <= 0 ? null : person(numberOf(id)),
  people: async ({ count }) => { await later(); return Array.from({ length: Math.max(count, 0) }, (_, i) => person(i + 1)); },
  node: ({ id }) => {
    if (id.startsWith('dog')) return { __typename: 'Dog', id, name: 'Dog', barks: 1 };
    if (id.startsWith('cat')) return { __typename: 'Cat', id, name: 'Cat', isLazy: null };
    return numberOf(id) > 0 ? person(numberOf(id)) : null;
  },
  echo: ({ value }) => value,
  filter: ({ filter }) => told(filter),
  lookup: ({ by }) => 'id' in by ? `id ${by.id}` : `name ${by.fullName}`,
  sum: ({ numbers, matrix }) => numbers.reduce((a, b) => a + b, 0) + (matrix ?? []).flat().reduce((a, b) => a + b, 0),
  paint: ({ color }) => color,
  required: async () => { await later(); throw new GraphQLError('required fails'); },
  add: async ({ value }) => { await later(); return value + 1; },
  refuse: async ({ why }) => { await later(); throw new GraphQLError(why ?? 'refused'); },
};
const theirs = async (query, variableValues) => {
  let document;
  try { document = parse(query, { maxTokens: 15000 }); } catch (error) { return { errors: [error] }; }
  const errors = validate(schema, document, undefined, { maxErrors: 100 });
  if (errors.length > 0) return { errors };
  return execute({ schema, document, rootValue: root, variableValues });
};

const places = (error) => (error.locations ?? []).map(({ line, column }) => `${line}:${column}`).join(' ');
const sameErrors = (ours, js, data) => {
  const keys = (errors) => (errors ?? []).map((error) => `${JSON.stringify(error.path ?? null)} ${places(error)}`).sort();
  const [a, b] = [keys(ours), keys(js)];
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  // Where something is null because of errors that happened at the same time, either may have told of it.
  const nullOf = (path) => {
    let value = data;
    for (let i = 0; i < (path ?? []).length; ++i) {
      if (value === null || value === undefined) return JSON.stringify(path.slice(0, i));
      value = value[path[i]];
    }
    return value === null ? JSON.stringify(path) : null;
  };
  if (data === undefined) return false;
  const nulls = (errors) => new Set((errors ?? []).map((error) => nullOf(error.path)));
  const [x, y] = [nulls(ours), nulls(js)];
  return x.size === y.size && [...x].every((one) => one !== null && y.has(one));
};

// What introspection lists is in no order that is said. Directives on definitions of directives are a proposal that
// graphql-js has taken up.
const sorted = (value) => {
  if (Array.isArray(value)) return value.filter((one) => one !== 'DIRECTIVE_DEFINITION').map(sorted).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)]));
};
const compare = async (query, variables) => {
  const [ours, js] = await Promise.all([post({ query, variables }), theirs(query, variables)]);
  const expected = JSON.parse(JSON.stringify(js));
  const comparable = query.includes('__') ? sorted : (value) => value;
  const isSame = JSON.stringify(comparable(ours.data)) === JSON.stringify(comparable(expected.data)) && sameErrors(ours.errors, expected.errors, expected.data);
  return { isSame, ours, js: expected };
};

// Written documents.
const written = [
  '{ hello }', '{ a: hello b: hello __typename }', '{ person(id: 1) { id fullName age tags home { street number } color score marks extra } }',
  '{ person(id: "0") { id } }', '{ people { id friends { id friends(first: 1) { id } } } }',
  '{ people(count: 5) { fullName bestFriend { fullName bestFriend { fullName } } } }',
  '{ people { pets { __typename ... on Dog { name barks } ... on Cat { name isLazy } } } }',
  '{ people { pets { ...P } } } fragment P on Pet { ... on Node { id } ... on Dog { barks } }',
  '{ node(id: "dog7") { id __typename ... on Dog { name } ... on Person { fullName } } b: node(id: 3) { ... on Person { fullName } } }',
  '{ people(count: 6) { id strict } }', '{ people(count: 6) { id slowStrict } }', '{ people(count: 3) { id fails } }',
  '{ person(id: 2) { friends(first: 3) { id strict } } }', '{ person(id: 4) { bestFriend { slowStrict } fullName } }',
  '{ person(id: 3) { home { street } } x: person(id: 4) { home { slowStreet number } } }',
  '{ required }', '{ hello required person(id: 1) { id } }',
  '{ echo(value: { a: [1, 2.5, "x", null, true, ENUM] }) }', '{ echo(value: null) }', '{ echo }',
  '{ filter(filter: { ids: [1, "b"], color: RED, nested: { limit: 7, color: null } }) }', '{ filter }', '{ filter(filter: {}) }',
  '{ lookup(by: { id: 3 }) }', '{ lookup(by: { fullName: "x" }) }', '{ lookup(by: { id: 1, fullName: "x" }) }', '{ lookup(by: {}) }',
  '{ sum(numbers: [1, 2, 3], matrix: [[1.5], [2, 3]]) }', '{ sum(numbers: 4, matrix: 2) }', '{ paint }', '{ paint(color: BLUE) }',
  '{ people @skip(if: true) { id } hello @include(if: false) }', '{ people(count: 1) { id @skip(if: false) ... @include(if: true) { age } } }',
  'mutation { a: add(value: 1) b: add(value: 2) c: add(value: 3) }', 'mutation { a: add(value: 1) refuse b: add(value: 2) }',
  'mutation { refuse(why: "x") }', '{ person(id: 1) { greeting(word: "Hi", times: 2) other: greeting } }',
  '{ person(id: 1) { id ...F } } fragment F on Person { fullName home { ...G } } fragment G on Place { street }',
  '{ person(id: 1) { home { street } home { number } ... { home { s: street } } } }',
  '# a comment\r\n{ hello } ', '{ hello(x: 1) }', '{ nope }', '{ person { id } }', '{ person(id: 1) }', 'query A { hello } query B { hello }',
  '{ hello { id } }', '{ ...F } fragment F on Query { ...F }', '{ paint(color: PURPLE) }', '{ sum(numbers: ["x"]) }', '{', '{ hello ', '{ "x" }',
  'query ($x: Int) { hello }', 'query { person(id: $x) { id } }', '{ __schema { queryType { name } } }',
  '{ __type(name: "Person") { name kind fields { name type { kind name ofType { name } } } } }', '{ __type(name: "Nope") { name } }',
  '{ __type(name: "PersonFilter") { inputFields { name defaultValue type { name kind } } isOneOf } t: __type(name: "Lookup") { isOneOf } }',
  '{ __type(name: "Person") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }',
  '{ __schema { types { name kind } directives { name locations isRepeatable args { name defaultValue } } } }',
  '{ echo(value: """\n    block\n      more\n    """) }', '{ echo(value: "\\u00e9 \\u{1F600} \\n") }', '{ hello, , , }', '\ufeff{ hello }',
];
const withVariables = [
  ['query ($id: ID!) { person(id: $id) { id } }', { id: 5 }], ['query ($id: ID!) { person(id: $id) { id } }', {}],
  ['query ($id: ID!) { person(id: $id) { id } }', { id: null }], ['query ($id: ID = 7) { person(id: $id) { id } }', undefined],
  ['query ($n: [Int!]!) { sum(numbers: $n) }', { n: [1, 2] }], ['query ($n: [Int!]!) { sum(numbers: $n) }', { n: 3 }],
  ['query ($n: [Int!]!) { sum(numbers: $n) }', { n: [1, null, 'x', 2 ** 40] }], ['query ($n: Int!) { sum(numbers: [1, $n]) }', { n: 2 }],
  ['query ($f: PersonFilter) { filter(filter: $f) }', { f: { ids: 3, color: 'BLUE', nested: { score: 1 } } }],
  ['query ($f: PersonFilter) { filter(filter: $f) }', { f: { ids: [{}], colour: 1, nested: { limit: null } } }],
  ['query ($f: PersonFilter) { filter(filter: $f) }', { f: 'x' }], ['query ($c: Color) { filter(filter: { color: $c }) }', {}],
  ['query ($c: Color) { filter(filter: { color: $c }) }', { c: null }], ['query ($c: Color = GREEN) { paint(color: $c) }', {}],
  ['query ($by: Lookup!) { lookup(by: $by) }', { by: { id: 'x' } }], ['query ($by: Lookup!) { lookup(by: $by) }', { by: { id: null } }],
  ['query ($by: Lookup!) { lookup(by: $by) }', { by: {} }], ['query ($id: ID!) { lookup(by: { id: $id }) }', { id: 'y' }],
  ['query ($v: JSON) { echo(value: $v) }', { v: { deep: [1, { x: 'y' }] } }], ['query ($v: JSON) { echo(value: [$v, 1]) }', { v: 'z' }],
  ['query ($s: Boolean!) { hello @skip(if: $s) paint @include(if: $s) }', { s: true }],
  ['query ($s: Boolean!) { hello @skip(if: $s) paint @include(if: $s) }', { s: false }],
  ['query ($s: Boolean!, $t: Boolean = true) { people(count: 2) { id ... @include(if: $s) { age } tags @skip(if: $t) } }', { s: true }],
  ['query ($s: Boolean!) { hello @skip(if: $s) }', { s: 'yes' }], ['query ($n: Int) { people(count: $n) { id } }', {}],
  ['query ($n: Int) { people(count: $n) { id } }', { n: null }], ['query ($n: Float!) { sum(numbers: [1], matrix: [[$n]]) }', { n: 1 }],
];

// Mutated and generated ones.
const words = ['hello', 'person', 'id', 'people', 'friends', 'Person', 'Pet', 'Dog', '$x', '1', '"x"', 'null', '...', 'on', '@skip(if: true)', '{', '}', '(', ')', ':', 'RED', '!', '$'];
const mutate = (text) => {
  const tokens = text.match(/\.\.\.|"[^"]*"|-?[0-9][0-9.e]*|\$?[_A-Za-z][_0-9A-Za-z]*|[^\s]/g);
  for (let i = 0; i <= random() * 2; ++i) {
    const at = Math.floor(random() * tokens.length);
    pick([() => tokens.splice(at, 1), () => { tokens[at] = pick(words); }, () => tokens.splice(at, 0, pick(words)), () => tokens.splice(at, 0, tokens[at])])();
  }
  return tokens.join(random() < 0.2 ? '\n' : ' ');
};
const literal = (type, depth = 0) => {
  if (isNonNullType(type)) return literal(type.ofType, depth);
  if (random() < 0.03) return 'null';
  if (isListType(type)) return random() < 0.2 ? literal(type.ofType, depth) : `[${Array.from({ length: Math.floor(random() * 3) }, () => literal(type.ofType, depth)).join(', ')}]`;
  if (isEnumType(type)) return pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    let fields = Object.values(type.getFields());
    fields = type.isOneOf ? [pick(fields)] : fields.filter((field) => isRequiredInputField(field) || (depth < 2 && random() < 0.4));
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, depth + 1)}`).join(', ')} }`;
  }
  return { Int: String(Math.floor(random() * 5)), Float: '1.5', String: '"a"', Boolean: 'true', ID: pick(['"3"', '4', '"dog1"']) }[type.name] ?? pick(['1', '"x"', '{ a: [1] }']);
};
let alias = 0;
const selection = (type, depth) => Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
  if (random() < 0.15 || isUnionType(type)) {
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type, ...type.getInterfaces()];
    return depth < 5 ? `... on ${pick(possible).name} { ${selection(pick(possible.length > 1 && !isAbstractType(type) ? [type] : [type]), depth + 1).replaceAll(/^$/g, '__typename')} }` : '__typename';
  }
  const field = pick(Object.values(type.getFields()));
  const named = getNamedType(field.type);
  if (isCompositeType(named) && depth >= 5) return '__typename';
  const given = field.args.filter((argument) => isRequiredArgument(argument) || random() < 0.4).map((argument) => `${argument.name}: ${literal(argument.type)}`);
  const body = isCompositeType(named) ? ` { ${selection(named, depth + 1)} }` : '';
  return `a${++alias}: ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${body}`;
}).join(' ');
const generate = () => random() < 0.9 ? `{ ${selection(schema.getQueryType(), 0)} }` : `mutation { ${selection(schema.getMutationType(), 0)} }`;

test('documents of every kind are answered as graphql-js answers them', async () => {
  const cases = [...written.map((query) => [query, undefined]), ...withVariables];
  for (let i = 0; i < 400; ++i) cases.push([mutate(pick(written)) || '{', undefined]);
  for (let i = 0; i < 700; ++i) cases.push([generate(), undefined]);
  const differences = [];
  const counts = { all: 0, withData: 0, withErrors: 0, requestErrors: 0 };
  for (const [query, variables] of cases) {
    const { isSame, ours, js } = await compare(query, variables);
    ++counts.all;
    if (js.data) ++counts.withData;
    if (js.errors) ++counts[js.data === undefined ? 'requestErrors' : 'withErrors'];
    if (!isSame) differences.push({ query, variables, ours, js });
  }
  console.log(JSON.stringify(counts));
  if (process.env.SHOW) console.log(JSON.stringify(differences.slice(0, 8), null, 1));
  assert.deepEqual(differences.map(({ query, variables, ours, js }) => [query, variables, JSON.stringify(ours).slice(0, 500), JSON.stringify(js).slice(0, 500)]), []);
  assert.ok(counts.withData >= 400, 'enough of them are executed');
});

test('the printed schema is what graphql-js prints of it and of its introspection', async () => {
  assert.equal(printSchema(lexicographicSortSchema(schema)), sdl.trimEnd());
  const { data } = await post({ query: getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }) });
  assert.equal(printSchema(lexicographicSortSchema(buildClientSchema(data))), sdl.trimEnd());
});
