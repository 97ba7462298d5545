import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSchemaText, uploadForm } from './upload-form.ts';

describe('the upload of a script', () => {
  it('accepts a JSON object or nothing as the schema', () => {
    assert.deepEqual(['', ' ', '{}', '[]', '{', 'null', '5'].map(isSchemaText), [
      ...[true, true, true],
      ...[false, false, false, false],
    ]);
  });

  it('sends the file, and only the metadata that was typed', () => {
    const file = new File(['echo'], 'check.sh');
    assert.equal(uploadForm(file, { name: ' ', description: '', schema: '' }).has('metadata'), false);
    const form = uploadForm(file, { name: '', description: 'Memory ', schema: '{"maximum": 9007199254740993}' });
    assert.equal((form.get('file') as File).name, 'check.sh');
    assert.equal(form.get('metadata'), '{"description":"Memory","parameters_schema":{"maximum":9007199254740993}}');
  });
});
