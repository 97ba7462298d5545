import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Sandbox } from './medkit-process.ts';
import { shellBlocks, type } from './typed-commands.ts';

const root = join(import.meta.dirname, '..', '..');

test('a command that fails is named by its line in the document, wherever in it the error is', async () => {
  await using sandbox = new Sandbox();
  const scene = { sandbox, url: 'http://127.0.0.1:1', domain: 0 };
  for (const [command, line] of [
    ['true\nfalse', 21],
    ['echo \\\n  one\ncurl -X POST \\\n  http://127.0.0.1:8080/api/v1/health', 22],
    ['true\n\nANSWER=$(curl http://127.0.0.1:8080)\ntrue', 22],
    ['hooks() {\n  curl "http://127.0.0.1:8080/$1"\n}\nhooks targets | cat', 23],
    ['echo $(false)\nnpm run nothing', 21],
  ] as const) {
    const typed = [
      { text: 'true\n\ntrue\n', line: 7 },
      { text: `${command}\n`, line: 20 },
    ];
    await assert.rejects(type(scene, typed), new RegExp(`^Error: line ${line}: exit code [1-9]`), command);
  }
});

test('a block of code has the line on which it begins', () => {
  for (const document of ['README.md', 'docs/guides/locks.md', 'docs/guides/scripts.md']) {
    const lines = readFileSync(join(root, document), 'utf8').split('\n');
    const blocks = shellBlocks(document);
    assert.ok(blocks.length > 0);
    for (const { text, line } of blocks) assert.equal(lines[line - 1], text.split('\n')[0], `${document}:${line}`);
  }
});
