/** How this program was called, so that the commands it proposes can be typed as they stand. */
export function invocation(environment: NodeJS.ProcessEnv): string {
  if (environment.npm_command === 'exec') return 'npx medkit';
  return environment.npm_lifecycle_event === undefined ? 'medkit' : 'npm run medkit --';
}
