export { ExitCode } from './command/exit-code.ts';
export { runCli } from './command/run-cli.ts';
export { findingsMarkdown } from './doctor/findings/findings-markdown.ts';
