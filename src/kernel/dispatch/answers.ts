// What kernel_info, complete, inspect and is_complete are answered with.

import { isComplete } from '../language/complete-code.js';
import type { Language } from '../language/language.js';
import type {
  CompleteReply,
  CompleteRequest,
  InspectReply,
  InspectRequest,
  IsCompleteReply,
  IsCompleteRequest,
  KernelInfoReply,
} from '../protocol/messages.js';
import { protocolVersion } from '../protocol/messages.js';
import { fromCodePoints, toCodePoints } from '../protocol/text.js';
import { kernelVersion, typescriptVersion } from './versions.js';

export const kernelInfo: KernelInfoReply = {
  status: 'ok',
  protocol_version: protocolVersion,
  implementation: 'model-types-kernel',
  implementation_version: kernelVersion,
  language_info: {
    name: 'typescript',
    version: typescriptVersion,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    // Names understood by JupyterLab's CodeMirror 6 and by the CodeMirror 5 of older clients.
    codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
    nbconvert_exporter: 'script',
  },
  banner: `TypeScript ${typescriptVersion} on Node.js ${process.versions.node}, model-types kernel ${kernelVersion}`,
  help_links: [
    { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  ],
  supported_features: [],
};

export async function answerComplete(language: Language, request: CompleteRequest): Promise<CompleteReply> {
  const { code } = request;
  const cursor = fromCodePoints(code, request.cursor_pos);
  const found = await language.complete(code, cursor);
  // One range serves all matches; those few that replace another range could not be inserted rightly.
  const [first] = found;
  const matches = found.filter((each) => each.start === first?.start && each.end === first.end);
  const start = toCodePoints(code, first?.start ?? cursor);
  const end = toCodePoints(code, first?.end ?? cursor);
  return {
    status: 'ok',
    matches: matches.map((each) => each.text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: matches.map(({ text, type, signature }) => ({
        text,
        type,
        ...(signature === undefined ? {} : { signature }),
        start,
        end,
      })),
    },
  };
}

export async function answerInspect(language: Language, request: InspectRequest): Promise<InspectReply> {
  const { code, cursor_pos, detail_level } = request;
  const found = await language.inspect(code, fromCodePoints(code, cursor_pos), detail_level);
  const data = found ? { 'text/markdown': found.markdown, 'text/plain': found.plain } : {};
  return { status: 'ok', found: found !== undefined, data, metadata: {} };
}

/** @param jsx whether cells may hold JSX */
export function answerIsComplete(request: IsCompleteRequest, jsx: boolean): IsCompleteReply {
  return isComplete(request.code, jsx);
}
