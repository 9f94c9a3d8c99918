// A real provider of OpenID Connect on loopback, for tests: node provider.mjs REDIRECT, people as JSON on
// standard input. It prints its address, lets everybody in by name and any password, and ends with its input.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const lines = (await import('node:readline')).createInterface({ input: process.stdin });
const people = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'throughline', client_secret: 'what only the client knows', redirect_uris: [process.argv[2]], grant_types: ['authorization_code'], response_types: ['code'] }],
    cookies: { keys: ['a key of a test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    features: { devInteractions: { enabled: true } },
    findAccount: async (_, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
lines.on('close', () => process.exit(0));
