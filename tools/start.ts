import { join } from 'node:path';
import { DEMO_DOMAIN_ID, demoEnvironment, refuseSecondDemo } from '@medkit/demo';
import { buildPages } from './web/pages.ts';

/**
 * `npm start`: builds the pages if they are not what their sources say, then runs `medkit demo`. Building takes half a minute, so it
 * looks for another demo on the domain first.
 */
const words = process.argv.slice(2);
const at = words.findIndex((word) => /^--domain(?:=|$)/.test(word));
const domain = Number(words[at]?.split('=')[1] ?? words[at + 1]);
const domainId = at >= 0 && Number.isInteger(domain) ? domain : DEMO_DOMAIN_ID;
try {
  await refuseSecondDemo(demoEnvironment(process.env, DEMO_DOMAIN_ID), domainId, 'npm start --');
  buildPages(join(import.meta.dirname, '..'));
  // The demo starts further processes of the program that it finds here.
  const program = join(import.meta.dirname, '../packages/programs/cli/src/main.ts');
  process.argv.splice(1, process.argv.length, program, 'demo', ...words);
  await import(program);
} catch (error) {
  console.error(`medkit: ${(error as Error).message}`);
  // A demo that runs already; otherwise the pages could not be built.
  process.exitCode = (error as { readonly reason?: string }).reason === 'DemoAlreadyRunning' ? 5 : 1;
}
