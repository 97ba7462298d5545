import { describeOwners } from './postgres-owners.ts';

describeOwners('webhooks/src/**/*.test.ts');
