// Starts Azurite so that it ends with whoever started it: when standard input closes (the parent stopped or was killed),
// Azurite saves its data and exits. Ctrl-C reaches the whole process group; the parent decides when storage goes.
'use strict';
const once = process.once;
process.once = function (event, listener) {
  return event === 'SIGINT' ? this : once.call(this, event, listener);
};
process.on('SIGINT', () => {});
// A server saves its data when its last connection is gone, and a client's pool would keep them for minutes.
const { Server } = require('node:http');
const close = Server.prototype.close;
Server.prototype.close = function (done) {
  const closing = close.call(this, done);
  this.closeAllConnections();
  return closing;
};
process.stdin.on('end', () => {
  if (!process.emit('message', 'shutdown')) process.exit(0);
  setTimeout(() => process.exit(0), 8000).unref();
});
process.stdin.resume();
require('azurite/dist/src/azurite.js');
