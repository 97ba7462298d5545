import { join } from 'node:path';
import { DEMO_DOMAIN_ID, demoEnvironment, refuseSecondDemo } from '@medkit/demo';
import { buildPages } from './web/pages.ts';

/**
 * `npm start`: rebuilds outdated web pages, then runs `medkit demo`; with `--hub`, `medkit demo hub`. Building takes half a minute, so the script first
 * checks whether another demo runs on the domain.
 */
const args = process.argv.slice(2);
const at = args.findIndex((word) => /^--domain(?:=|$)/.test(word));
const domain = Number(args[at]?.split('=')[1] ?? args[at + 1]);
const domainId = at >= 0 && Number.isInteger(domain) ? domain : DEMO_DOMAIN_ID;
try {
  await refuseSecondDemo(demoEnvironment(process.env, DEMO_DOMAIN_ID), domainId, 'npm start --');
  buildPages(join(import.meta.dirname, '..'));
  // The demo uses this program path to start further processes.
  const program = join(import.meta.dirname, '../packages/programs/cli/src/main.ts');
  const command = args.includes('--hub') ? ['demo', 'hub'] : ['demo'];
  process.argv.splice(1, process.argv.length, program, ...command, ...args.filter((word) => word !== '--hub'));
  await import(program);
} catch (error) {
  console.error(`medkit: ${(error as Error).message}`);
  // 5: a demo is already running. 1: the pages could not be built.
  process.exitCode = (error as { readonly reason?: string }).reason === 'DemoAlreadyRunning' ? 5 : 1;
}
