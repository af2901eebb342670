/**
 * Which hub is asked, and with which token: as Python's huggingface_hub reads them from the environment.
 *
 * | | first of |
 * |---|---|
 * | address | `HF_ENDPOINT`, https://huggingface.co |
 * | token | `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, the file `HF_TOKEN_PATH`, `HF_HOME/token`, `~/.cache/huggingface/token` |
 *
 * A token goes to the hub's own address and is never shown: not in an error, not in a progress line.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A secret, and where it was found, which is what may be shown. */
export interface AccessToken {
  readonly token: string;
  readonly from: string;
}

const known = new Set<string>();

/**
 * The hub's address, without a slash at its end.
 * @throws Error if `HF_ENDPOINT` is no address, or holds a password, which would then be shown in errors
 */
export function hubUrl(env: Environment = process.env): string {
  const given = env.HF_ENDPOINT?.trim();
  if (!given) return 'https://huggingface.co';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search + url.hash !== '') {
    throw new Error('HF_ENDPOINT is not the address of a hub; give one such as https://huggingface.co');
  }
  if (url.username + url.password !== '') {
    throw new Error('HF_ENDPOINT holds a name or a password; leave them out, and give a token in HF_TOKEN');
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * The user's token, if there is one.
 * @throws Error that does not show it, if what was found is no token
 */
export async function accessToken(env: Environment = process.env): Promise<AccessToken | undefined> {
  for (const from of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const token = env[from]?.trim();
    if (token) return checked({ token, from });
  }
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  const path = (env.HF_TOKEN_PATH || join(home, 'token')).replace(/^~(?=$|[/\\])/, homedir());
  const token = (await readFile(path, 'utf8').catch(() => '')).trim();
  return token === '' ? undefined : checked({ token, from: path });
}

function checked(found: AccessToken): AccessToken {
  known.add(found.token);
  // A line break within it would end up, token and all, in the error of whoever sends the request.
  // The hub's own begin with hf_; a company's proxy hands out others.
  if (!/^[\x21-\x7e]+$/.test(found.token)) {
    throw new Error(`${found.from} is not a token: it must have no spaces and no line breaks`);
  }
  return found;
}

/** The text without any token this process has read, should one have found its way in. */
export function withoutTokens(text: string): string {
  return [...known].reduce((shown, token) => shown.replaceAll(token, '***'), text);
}
