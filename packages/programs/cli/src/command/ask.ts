import { StringDecoder } from 'node:string_decoder';
import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

/** The terminal streams; by default those of this process. */
export interface Terminal {
  readonly input: Pick<NodeJS.ReadStream, 'isTTY' | 'off' | 'on' | 'pause' | 'resume' | 'setRawMode'>;
  /** Standard error by default: standard output may be redirected. */
  readonly output: Pick<NodeJS.WriteStream, 'write'>;
}

/** Maximum length of an answer, characters; limits pasted text. */
const MAX_ANSWER = 4096;

const PROCESS_TERMINAL: Terminal = { input: process.stdin, output: process.stderr };

/** Returns whether the input is a terminal. */
export function isInteractive({ input }: Terminal = PROCESS_TERMINAL): boolean {
  return input.isTTY === true;
}

/** Asks a question and returns the typed answer. Throws `CommandFailed` on Ctrl-C and at the end of input. */
export function ask(question: string, terminal: Terminal = PROCESS_TERMINAL): Promise<string> {
  return typed(question, (text) => text, terminal);
}

/** Asks a question without echoing the answer. */
export function askSecret(question: string, terminal: Terminal = PROCESS_TERMINAL): Promise<string> {
  return typed(question, () => '', terminal);
}

async function typed(question: string, echo: (text: string) => string, { input, output }: Terminal): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let answer = '';
  output.write(question);
  input.setRawMode(true);
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (error?: Error) => {
        input.off('data', onData);
        if (error) reject(error);
        else resolve(answer);
      };
      const onData = (octets: Buffer) => {
        for (const character of decoder.write(octets)) {
          if (character === '\r' || character === '\n') return stop();
          if (character === '\u0003' || (character === '\u0004' && answer === '')) return stop(cancelled());
          if (character === '\u007f' || character === '\b') {
            if (answer !== '') output.write(echo('\b \b'));
            answer = [...answer].slice(0, -1).join('');
          } else if (character === '\u0015') {
            output.write(echo('\b \b').repeat([...answer].length));
            answer = '';
          } else if (character >= ' ' && answer.length < MAX_ANSWER) {
            answer += character;
            output.write(echo(character));
          }
        }
      };
      input.on('data', onData);
      input.resume();
    });
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

function cancelled(): CommandFailed {
  return new CommandFailed('canceled: nothing was changed', ExitCode.cancelled);
}
