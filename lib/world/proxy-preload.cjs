/*
 * Loaded before an unmodified Node program: sends its HTTPS connections through the CONNECT proxy that
 * HTTPS_PROXY names. The AWS SDK for JavaScript makes its own https.Agent, which no proxy variable reaches.
 * Plain CommonJS for the program's own Node, from 20 on.
 */

'use strict';

const https = require('node:https');
const net = require('node:net');

const proxy = parseUrl(process.env.HTTPS_PROXY);
const bypassed = (process.env.NO_PROXY ?? '').split(',').map((host) => host.trim());

if (proxy !== undefined) {
  const direct = https.Agent.prototype.createConnection;
  https.Agent.prototype.createConnection = function createConnection(options, callback) {
    const host = options.host ?? options.hostname ?? 'localhost';
    if (options.socketPath !== undefined || options.socket !== undefined || bypassed.includes(host)) {
      return direct.call(this, options, callback);
    }
    openTunnel(`${host}:${options.port ?? 443}`, (error, socket) => {
      if (error !== null) callback(error);
      else callback(null, direct.call(this, { ...options, socket }));
    });
    return undefined;
  };
}

/** Calls back with the socket once the proxy has said 200; a proxy that says nothing leaves the caller waiting. */
function openTunnel(target, callback) {
  const socket = net.connect(Number(proxy.port), proxy.hostname);
  let head = '';
  const settle = (error) => {
    socket.off('data', onData).off('error', settle).off('close', onClose);
    if (error !== null) socket.destroy();
    callback(error, socket);
  };
  // Read as the socket's other side would end it: without an answer.
  const onClose = () => settle(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  const onData = (chunk) => {
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const status = Number(head.split(' ', 2)[1]);
    if (status === 200) {
      socket.pause();
      settle(null);
    } else
      settle(
        Object.assign(new Error(`the proxy answered ${status} for ${target}`), { code: 'ERR_PROXY_TUNNEL' }),
      );
  };
  socket.on('data', onData).on('error', settle).on('close', onClose);
  socket.once('connect', () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
}

function parseUrl(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
