import { describeOwners } from './postgres-owners.ts';

describeOwners('accounts/src/{*,user/*,session/*,key/*,grant/*}.test.ts', 'audit/src/**/*.test.ts');
