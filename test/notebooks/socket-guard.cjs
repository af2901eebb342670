// Loaded into every Node process of a run (NODE_OPTIONS=--require=...): refuses each connection and name look-up beyond
// this machine, and writes it down in the file that SOCKET_LOG names. Loopback, which Jupyter needs, goes through.

const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const log = process.env.SOCKET_LOG;

/** @param {unknown} host */
const isHere = (host) =>
  host === undefined ||
  host === '' ||
  /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\..*|0\.0\.0\.0|::)$/.test(String(host));

/**
 * @param {string} how
 * @param {unknown} where
 */
function refuse(how, where) {
  if (log) appendFileSync(log, `${how} ${where} by ${process.argv.slice(1, 3).join(' ')}\n`);
  throw new Error(`socket guard: refused ${how} ${where}`);
}

/** @param {unknown[]} args as `net.Socket.connect` takes them */
function hostOf(args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) return first.path ? undefined : first.host;
  return typeof args[1] === 'string' ? args[1] : undefined;
}

// TLS, HTTP and fetch all go through this one method.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = /** @type {typeof connect} */ (
  function (/** @type {unknown[]} */ ...args) {
    const host = hostOf(args);
    if (!isHere(host)) refuse('connection to', host);
    // @ts-expect-error: passed on as it came
    return connect.apply(this, args);
  }
);

for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of [
    'lookup',
    'resolve',
    'resolve4',
    'resolve6',
    'resolveAny',
    'resolveTxt',
    'resolveSrv',
    'reverse',
  ]) {
    const methods = /** @type {Record<string, (...args: unknown[]) => unknown>} */ (/** @type {unknown} */ (resolver));
    const method = methods[name];
    if (!method) continue;
    methods[name] = function (...args) {
      if (!isHere(args[0])) refuse('look-up of', args[0]);
      return method.apply(this, args);
    };
  }
}

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = /** @type {typeof send} */ (
  function (/** @type {unknown[]} */ ...args) {
    const host = args.slice(1).find((word) => typeof word === 'string');
    if (!isHere(host)) refuse('datagram to', host);
    // @ts-expect-error: passed on as it came
    return send.apply(this, args);
  }
);
