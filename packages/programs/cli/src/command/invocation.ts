/** How the user started this program, so that suggested commands can be copied. */
export function invocation(environment: NodeJS.ProcessEnv): string {
  if (environment.npm_command === 'exec') return 'npx medkit';
  return environment.npm_lifecycle_event === undefined ? 'medkit' : 'npm run medkit --';
}
