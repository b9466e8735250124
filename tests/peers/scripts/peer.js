// A WebSocket peer made with `ws`; it speaks with its parent as `peer.py` does.
'use strict';
const { createInterface } = require('node:readline');
const { createRequire } = require('node:module');
const { WebSocket, WebSocketServer } = createRequire(process.cwd() + '/')('ws');

const say = (what) => process.stdout.write(JSON.stringify(what) + '\n');
let current;

function talk(socket, offered) {
  current = socket;
  say({ saw: 'open', offered, agreed: socket.extensions !== '' });
  socket.on('message', (data) => say({ saw: 'text', text: data.toString() }));
  socket.on('pong', (data) => data.length > 0 && say({ saw: 'pong', text: data.toString() }));
  socket.on('close', (code, reason) => say({ saw: 'close', code, text: reason.toString() }));
  socket.on('error', () => {});
}

function obey(order) {
  switch (order.do) {
    case 'text':
      return current.send(order.text);
    case 'binary':
      return current.send(Buffer.from(order.text));
    case 'pieces':
      return order.parts.forEach((part, index) => {
        current.ping();
        current.send(part, { fin: index === order.parts.length - 1 });
      });
    case 'ping':
      return current.ping(order.text);
    case 'close':
      return current.close(order.code, order.text);
    case 'abort':
      return current.terminate();
  }
}

const [mode, url] = process.argv.slice(2);
if (mode === 'client') {
  const socket = new WebSocket(url, { perMessageDeflate: true });
  let offered;
  socket.on('upgrade', () => (offered = socket._req?.getHeader('sec-websocket-extensions')));
  socket.on('open', () => talk(socket, offered ?? null));
} else {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true, maxPayload: 0 });
  server.on('listening', () => say({ port: server.address().port }));
  server.on('connection', (socket, request) => talk(socket, request.headers['sec-websocket-extensions'] ?? null));
}
createInterface({ input: process.stdin }).on('line', (line) => obey(JSON.parse(line))).on('close', () => process.exit(0));
