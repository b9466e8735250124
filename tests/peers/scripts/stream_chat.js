// The official client of Stream Chat. The one line on standard input says whom to connect; the process ends with its
// standard input.
'use strict';
const { createInterface } = require('node:readline');
const { createRequire } = require('node:module');
const { StreamChat } = createRequire(process.cwd() + '/')('stream-chat');

// A failed attempt must not end the process: whether another one follows is what is asked.
process.on('unhandledRejection', () => {});

function connect({ host, key, tokens, renews, user }) {
  const client = new StreamChat(key, {
    baseURL: `http://${host}`,
    warmUp: false,
    enableInsights: false,
    allowServerSideConnect: true,
  });
  if (user === null) return client.connectAnonymousUser();
  let taken = 0;
  const next = async () => tokens[Math.min(taken++, tokens.length - 1)];
  return client.connectUser(user, renews ? next : tokens[0]);
}

createInterface({ input: process.stdin })
  .on('line', (line) => connect(JSON.parse(line)).catch(() => {}))
  .on('close', () => process.exit(0));
