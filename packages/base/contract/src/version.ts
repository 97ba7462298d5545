/** Version of medkit. All packages are released together; a test compares it with package.json. */
export const VERSION = '0.1.0';
