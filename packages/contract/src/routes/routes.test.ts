import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { ALL_ROUTES } from './routes.ts';

// The names that generated clients depend on: method path, operationId, tag, schema of the answer.
const EXPECTED = `
get / getRoot Server RootOverview
get /version-info getVersionInfo Server VersionInfo
get /health getHealth Server HealthStatus
get /areas listAreas Discovery AreaList
get /components listComponents Discovery ComponentList
get /apps listApps Discovery AppList
get /functions listFunctions Discovery FunctionList
get /areas/{area_id} getArea Discovery AreaDetail
get /components/{component_id} getComponent Discovery ComponentDetail
get /apps/{app_id} getApp Discovery AppDetail
get /functions/{function_id} getFunction Discovery FunctionDetail
get /areas/{area_id}/components listAreaComponents Discovery ComponentList
get /areas/{area_id}/subareas listSubareas Discovery AreaList
get /areas/{area_id}/contains listAreaContains Discovery ComponentList
get /components/{component_id}/subcomponents listSubcomponents Discovery ComponentList
get /components/{component_id}/hosts listComponentHosts Discovery AppList
get /components/{component_id}/depends-on listComponentDependencies Discovery ComponentList
get /apps/{app_id}/is-located-on getAppHost Discovery ComponentList
get /apps/{app_id}/belongs-to getAppArea Discovery AreaList
get /apps/{app_id}/depends-on listAppDependencies Discovery AppList
get /functions/{function_id}/hosts listFunctionHosts Discovery AppList
get /areas/{area_id}/data listAreaData Data DataListResult
get /components/{component_id}/data listComponentData Data DataListResult
get /apps/{app_id}/data listAppData Data DataListResult
get /functions/{function_id}/data listFunctionData Data DataListResult
get /areas/{area_id}/data/{data_id} getAreaDataItem Data DataValue
get /components/{component_id}/data/{data_id} getComponentDataItem Data DataValue
get /apps/{app_id}/data/{data_id} getAppDataItem Data DataValue
get /functions/{function_id}/data/{data_id} getFunctionDataItem Data DataValue
put /areas/{area_id}/data/{data_id} putAreaDataItem Data DataValue DataWriteRequest
put /components/{component_id}/data/{data_id} putComponentDataItem Data DataValue DataWriteRequest
put /apps/{app_id}/data/{data_id} putAppDataItem Data DataValue DataWriteRequest
put /functions/{function_id}/data/{data_id} putFunctionDataItem Data DataValue DataWriteRequest
get /areas/{area_id}/data-categories listAreaDataCategories Data DataValue
get /components/{component_id}/data-categories listComponentDataCategories Data DataValue
get /apps/{app_id}/data-categories listAppDataCategories Data DataValue
get /functions/{function_id}/data-categories listFunctionDataCategories Data DataValue
get /areas/{area_id}/data-groups listAreaDataGroups Data DataValue
get /components/{component_id}/data-groups listComponentDataGroups Data DataValue
get /apps/{app_id}/data-groups listAppDataGroups Data DataValue
get /functions/{function_id}/data-groups listFunctionDataGroups Data DataValue`;

test('paths, operation ids, tags and schema names are those that generated clients know', () => {
  const rows = ALL_ROUTES.map(({ method, path, operationId, tag, responses, body }) =>
    [method, path, operationId, tag, ...nameOf(responses[200]?.schema), ...nameOf(body?.schema)].join(' '),
  );
  assert.deepEqual(rows.sort(), EXPECTED.trim().split('\n').sort());
});

test('operation ids are distinct', () => {
  assert.equal(new Set(ALL_ROUTES.map(({ operationId }) => operationId)).size, ALL_ROUTES.length);
});

test('every parameter in a path is described, in order', () => {
  for (const { path, parameters } of ALL_ROUTES) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(
      parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
      inPath,
    );
  }
});

for (const route of ALL_ROUTES) {
  test(`the examples of ${route.operationId} fit their schemas`, () => {
    for (const { schema, example } of Object.values(route.responses)) assert.deepEqual(problems(schema, example), []);
    for (const example of Object.values(route.body?.examples ?? {})) {
      assert.deepEqual(problems(route.body!.schema, example), []);
    }
    for (const { schema, example } of route.parameters) assert.deepEqual(problems(schema, example), []);
  });
}

function problems(schema: object, value: unknown): unknown[] {
  return Compile(schema).Errors(value);
}

function nameOf(schema: object | undefined): string[] {
  return schema && '$id' in schema ? [String(schema.$id)] : [];
}
