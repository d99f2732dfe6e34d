'use strict';
// A tiny server that greets whoever asks, and counts the visits.
const http = require('http');

const visits = new Map();

function greet(name) {
  const count = (visits.get(name) || 0) + 1;
  visits.set(name, count);
  return count === 1 ? `Hello, ${name}!` : `Welcome back, ${name} (${count})`;
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const name = url.searchParams.get('name') || 'stranger';
  response.setHeader('Content-Type', 'text/plain');
  response.end(greet(name) + '\n');
});

server.on('error', (err) => {
  console.error(err.message);
  process.exitCode = 1;
});

if (require.main === module) {
  server.listen(process.env.PORT || 8080, () => console.log('ready'));
}

module.exports = { greet };
