import type { CommandProgram } from '../command/command.ts';

export interface KnownOption {
  /** With its dashes. */
  readonly word: string;
  readonly letter: string | undefined;
  readonly takesValue: boolean;
  readonly about: string;
}

const OPTION = /^ *(?:-(\w), )?--([a-z][a-z0-9-]*)( <[^>]+>)?(?: {2,}(.*))?$/gm;

/** Reads the options of a command from its help, which lists one per line. */
export async function optionsOf(program: CommandProgram): Promise<readonly KnownOption[]> {
  return [...(await program.help()).matchAll(OPTION)].map(([, letter, name, value, about = '']) => ({
    word: `--${name}`,
    letter,
    takesValue: value !== undefined,
    about,
  }));
}
