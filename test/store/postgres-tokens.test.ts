import { describeOwners } from './postgres-owners.ts';

describeOwners('accounts/src/token/*.test.ts');
