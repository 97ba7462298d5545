import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { idsOfTests, namesOfTests, readChecklist } from './checklist.ts';
import { markedTests, readCitations } from './cited-tests.ts';
import { numbersOfTests, readNumbers } from './numbered-checks.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = globSync(
  ['packages/**/src/**/*.{test,suite}.ts', 'packages/**/src/**/*-suite.ts', 'test/**/*.test.ts'],
  {
    cwd: root,
  },
);

describe('the checklist of faults', () => {
  const { tested, leftOut } = readChecklist(read('docs/reference/faults-checklist.md'));
  const found = new Set(sources.flatMap((source) => idsOfTests(read(source))));

  it('has a test for every id that is not left out', () => {
    assert.deepEqual(
      tested.filter((id) => !found.has(id)),
      [],
    );
  });

  it('has every id that a test has, and omits none of them', () => {
    const known = new Set(tested);
    assert.deepEqual(
      [...found].filter((id) => !known.has(id)),
      [],
    );
  });

  it('gives a reason for every omitted id; a reason that refers to another id names an omitted one', () => {
    for (const [id, reason] of leftOut) {
      const other = /^as ([A-Z]\d\d)$/.exec(reason)?.[1];
      if (other !== undefined)
        assert.ok(leftOut.has(other) && !/^as /.test(leftOut.get(other) ?? ''), `${id}: ${reason}`);
    }
  });
});

/** Excludes tests that belong to other chapters. */
const DISCOVERY =
  /^(packages\/(core|runtimes\/(manifest|peer)|plugins\/[^/]+)|packages\/gateway\/src\/(config|discovery|plugins)|packages\/resources\/entities\/src\/discovery|test\/(plugins|federation|opcua))\//;

describe('the checklist of discovery', () => {
  const folder = 'docs/reference';
  const cited = readCitations(read(`${folder}/discovery-checklist.md`)).flatMap(({ id, citations }) =>
    citations.map(({ file, name }) => ({ id, name, path: join(folder, file) })),
  );

  it('cites existing tests', () => {
    for (const { id, name, path } of cited) {
      const names = sources.includes(path) ? namesOfTests(read(path)) : [];
      assert.equal(names.filter((found) => found.includes(name)).length, 1, `${id}: ${path}: ${name}`);
    }
  });

  it('cites every test that is marked as one of its cases', () => {
    const missing = sources
      .filter((path) => DISCOVERY.test(path))
      .flatMap((path) =>
        markedTests(read(path)).filter(
          (found) => !cited.some((citation) => citation.path === path && found.includes(citation.name)),
        ),
      );
    assert.deepEqual(missing, []);
  });
});

describe('the checklist of the web pages', () => {
  const { tested, leftOut } = readNumbers(read('docs/reference/web-checklist.md'));
  const found = new Set(
    sources.filter((path) => path.startsWith('test/browser/web-')).flatMap((path) => numbersOfTests(read(path))),
  );

  it('has a test for every check that is not left out, and no other', () => {
    assert.deepEqual(
      [...found].toSorted((one, other) => one - other),
      [...tested],
    );
  });

  it('has every check from the first to the last', () => {
    const all = [...tested, ...leftOut].toSorted((one, other) => one - other);
    assert.deepEqual(
      all,
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
  });

  it('is read from its tables, each number once', () => {
    assert.throws(() => readNumbers('| 1 | a |\n## Left out\n| 1 | b |'), /check 1 is there twice/);
    assert.deepEqual(numbersOfTests("test('check 3, 14: a', f);\ntest('checks 9: b', f);"), [3, 14]);
  });
});

describe('tests that are cited', () => {
  const head = '## 1\n| id | case | tests |\n';
  it('are read row by row, several per case, without omitted cases', () => {
    const row = '| D1.4-a | a case | [x](../x.test.ts): is x<br>[y-z](../y-z.test.ts): is y |\n';
    assert.deepEqual(readCitations(`${head}${row}## Left out\n| D1.4-b | b | is no test |\n`), [
      {
        id: 'D1.4-a',
        citations: [
          { file: '../x.test.ts', name: 'is x' },
          { file: '../y-z.test.ts', name: 'is y' },
        ],
      },
    ]);
    assert.throws(() => readCitations(`${head}${row}${row}`), /D1.4-a is there twice/);
    assert.throws(() => readCitations(`${head}| D1.4-a | a case | by hand |\n`), /D1.4-a cites no test: by hand/);
  });

  it('are marked anywhere in their names', () => {
    assert.deepEqual(markedTests("it('3.1 [edge]: a', f);\nit('b [edge: of two]', f);\nit('c', f);"), [
      '3.1 [edge]: a',
      'b [edge: of two]',
    ]);
  });
});

describe('ids in names of tests', () => {
  it('are at the beginning, alone or in a row, also behind a template', () => {
    const names = [
      "it('L06, L11: three reports', () => {});",
      "it(\n  'P15, 2.6: the newest',\n  () => {});",
      "describe('4.10, N17: the ramp', () => {});",
      "it('is not about L01: at all', () => {});",
      "it('it\\'s P05: neither', () => {});",
      "it('V01 is not followed by a colon', () => {});",
    ];
    assert.deepEqual(idsOfTests(names.join('\n')), ['L06', 'L11', 'P15', '4.10', 'N17']);
    assert.deepEqual(idsOfTests(`test(\`\${vendor}: B27: recordings\`, () => {});`), ['B27']);
  });

  it('may come from a table', () => {
    const rows = "const rows = [['T02', '/sensors'], ['T03', 'T9']];\n";
    assert.deepEqual(idsOfTests(`${rows}it('T01: is alone', () => {});`), ['T01']);
    assert.deepEqual(idsOfTests(`${rows}for (const [id] of rows) it(\`\${id}: has a prefix\`, () => {});`), [
      'T02',
      'T03',
    ]);
  });
});

describe('a checklist', () => {
  it('is read from its tables, each id once', () => {
    const table = '| id | case |\n| L01 | a |\n## Left out\n| W01 | b |\n';
    const { tested, leftOut } = readChecklist(table);
    assert.deepEqual([tested, [...leftOut]], [['L01'], [['W01', 'b']]]);
    assert.throws(() => readChecklist(`${table}| L01 | c |`), /L01 is there twice/);
  });
});
