// The GraphQL clients that people use, each with a session of supabase-js's, as a page or a program would write it. The same
// in Node.js and in a browser: what is asked of it is in graphql_clients.test.mjs.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql as apolloGql } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createSupabase } from '@supabase/supabase-js';
import { Client as UrqlClient, fetchExchange, gql as urqlGql, subscriptionExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { createClient as createSocket } from 'graphql-ws';

export async function signIn({ stack, key, email, password }) {
  const supabase = createSupabase(stack, key, { auth: { persistSession: false, autoRefreshToken: false } });
  const { error } = await supabase.auth.signInWithPassword({ email, password });
  if (error) throw error;
  return supabase;
}

export const tokenOf = async (supabase) => (await supabase.auth.getSession()).data.session.access_token;

export const socketTo = (url, token, more = {}) => createSocket({
  url: url.replace(/^http/, 'ws'),
  connectionParams: async () => ({ Authorization: `Bearer ${await token()}` }),
  ...more,
});

// How each of them asks: ask(document, variables) for the data of a query or a mutation, follow(document, variables) for
// what a subscription says, one after another. Both throw what went wrong.
export const clients = {
  'graphql-request': ({ url, token, socket }) => {
    const client = new GraphQLClient(url, {
      requestMiddleware: async (request) => {
        const headers = new Headers(request.headers);
        headers.set('Authorization', `Bearer ${await token()}`);
        return { ...request, headers };
      },
    });
    return {
      ask: (document, variables) => client.request(document, variables),
      follow: async (document, variables) => {
        const seen = [];
        for await (const { data, errors } of socket.iterate({ query: document, variables })) {
          if (errors) throw errors[0];
          seen.push(data);
        }
        return seen;
      },
    };
  },

  '@apollo/client': ({ url, token, socket }) => {
    const authorise = new SetContextLink(async ({ headers }) => ({ headers: { ...headers, authorization: `Bearer ${await token()}` } }));
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.split(({ operationType }) => operationType === 'subscription', new GraphQLWsLink(socket),
        authorise.concat(new HttpLink({ uri: url }))),
    });
    return {
      ask: async (document, variables) => {
        const isMutation = document.trimStart().startsWith('mutation');
        const { data } = await (isMutation ? client.mutate({ mutation: apolloGql(document), variables })
          : client.query({ query: apolloGql(document), variables, fetchPolicy: 'network-only' }));
        return data;
      },
      follow: (document, variables) => new Promise((resolve, reject) => {
        const seen = [];
        client.subscribe({ query: apolloGql(document), variables }).subscribe({
          next: ({ data, error }) => { if (error) reject(error); else seen.push(data); },
          error: reject,
          complete: () => resolve(seen),
        });
      }),
    };
  },

  urql: ({ url, token, socket }) => {
    const client = new UrqlClient({
      url,
      fetch: async (target, options) =>
        fetch(target, { ...options, headers: { ...options.headers, authorization: `Bearer ${await token()}` } }),
      preferGetMethod: true,
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink) }),
          }),
        }),
      ],
    });
    return {
      ask: async (document, variables) => {
        const isMutation = document.trimStart().startsWith('mutation');
        const { data, error } = await (isMutation ? client.mutation(urqlGql(document), variables ?? {})
          : client.query(urqlGql(document), variables ?? {}, { requestPolicy: 'network-only' })).toPromise();
        if (error) throw error;
        return data;
      },
      follow: (document, variables) => new Promise((resolve, reject) => {
        const seen = [];
        let wanted = variables.to;
        const { unsubscribe } = client.subscription(urqlGql(document), variables).subscribe(({ data, error }) => {
          if (error) return reject(error);
          seen.push(data);
          if (--wanted > 0) return;
          resolve(seen);
          setTimeout(() => unsubscribe());
        });
      }),
    };
  },
};

const CARD = '__typename ... on BusinessCard { id full_name job_title }';

// What somebody does with their cards, and what they saw of it.
export async function story(name, { stack, key, email, password, cards, users }) {
  const supabase = await signIn({ stack, key, email, password });
  const token = () => tokenOf(supabase);
  const socket = socketTo(users, token);
  const cardClient = clients[name]({ url: cards, token, socket });
  const userClient = clients[name]({ url: users, token, socket });
  const { ask } = cardClient;
  const seen = {};
  const full = `${name} card`;
  const { create_business_card: made } = await ask(
    `mutation Create($card: NewBusinessCard!) { create_business_card(card: $card) { ${CARD} } }`,
    { card: { full_name: full, email, job_title: 'Countess' } });
  seen.created = [made.full_name, made.job_title];
  const list = async () => (await ask('query List { business_cards { __typename id full_name } }')).business_cards.map((card) => card.full_name);
  seen.listed = await list();
  const { update_business_card: changed } = await ask(
    `mutation Update($id: Int64!, $patch: BusinessCardPatch!) { update_business_card(id: $id, patch: $patch) { ${CARD} } }`,
    { id: made.id, patch: { job_title: null } });
  seen.changed = [changed.full_name, changed.job_title];
  seen.refused = await ask(
    'mutation Create($card: NewBusinessCard!) { create_business_card(card: $card) { __typename } }',
    { card: { full_name: '', email } }).then(() => 'not refused', (error) => String(error.message));
  seen.deleted = (await ask(`mutation Delete($id: Int64!) { delete_business_card(id: $id) { __typename } }`, { id: made.id }))
    .delete_business_card.__typename;
  seen.left = await list();
  seen.me = (await userClient.ask('query Me { me }')).me;
  seen.ticks = (await userClient.follow('subscription Ticks($to: Int!) { ticks(to: $to) }', { to: 3 })).map((data) => data.ticks);
  await socket.dispose();
  return seen;
}

// What somebody sees whose token is none: of a query, and of a subscription.
export async function rejected(name, { users }) {
  const token = () => 'x.y.z';
  const socket = socketTo(users, token, { retryAttempts: 5 });
  const client = clients[name]({ url: users, token, socket });
  const wordsOf = (error) => JSON.stringify([String(error?.message ?? ''), error?.code, error?.statusCode, error?.response?.status,
    error?.cause?.code, error?.networkError?.code, error?.cause?.message]);
  const asked = await client.ask('query Me { me }').then(() => 'let in', wordsOf);
  const followed = await client.follow('subscription Ticks($to: Int!) { ticks(to: $to) }', { to: 3 }).then(() => 'let in', wordsOf);
  await socket.dispose();
  return { asked, followed };
}
