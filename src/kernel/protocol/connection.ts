// The connection file: where Jupyter wants to find us, and the key its messages are signed with.

import { readFileSync } from 'node:fs';
import { isObject } from './json.js';

export const channelNames = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type ChannelName = (typeof channelNames)[number];

export interface Connection {
  /** ZeroMQ's address of each socket. */
  readonly addresses: Readonly<Record<ChannelName, string>>;
  readonly key: string;
  readonly signatureScheme: string;
}

/** @throws an error that names the file and what is wrong with it */
export function readConnectionFile(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`The connection file ${path} cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`The connection file ${path} is not JSON: ${(error as Error).message}`);
  }
  try {
    return readConnection(value);
  } catch (error) {
    throw new Error(`The connection file ${path} cannot be used: ${(error as Error).message}`);
  }
}

/** The contents of a connection file, checked. */
export function readConnection(value: unknown): Connection {
  if (!isObject(value)) throw new Error(`it should hold an object, and holds ${JSON.stringify(value)}.`);
  const text = (name: string, otherwise: string): string => {
    const found = value[name] ?? otherwise;
    if (typeof found !== 'string') throw new Error(`"${name}" should be a text, and is ${JSON.stringify(found)}.`);
    return found;
  };
  const transport = text('transport', 'tcp');
  if (transport !== 'tcp' && transport !== 'ipc') {
    throw new Error(`"transport" should be "tcp" or "ipc", and is "${transport}".`);
  }
  const ip = text('ip', '127.0.0.1');
  const address = (channel: ChannelName): string => {
    const name = `${channel}_port`;
    const port = value[name];
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || (transport === 'tcp' && port > 65_535)) {
      throw new Error(`"${name}" should be a port number, and is ${JSON.stringify(port)}.`);
    }
    if (transport === 'ipc') return `ipc://${ip}-${port}`;
    return ip.includes(':') ? `tcp://[${ip}]:${port}` : `tcp://${ip}:${port}`;
  };
  return {
    addresses: {
      shell: address('shell'),
      iopub: address('iopub'),
      stdin: address('stdin'),
      control: address('control'),
      hb: address('hb'),
    },
    key: text('key', ''),
    signatureScheme: text('signature_scheme', 'hmac-sha256'),
  };
}
