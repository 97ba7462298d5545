import { useState } from 'react';
import { t } from './texts.ts';

const OTHER = '\u0000';

interface RoleFieldProps {
  readonly role: string;
  readonly roles: readonly string[];
  readonly onChange: (role: string) => void;
}

/** Selects a role, and explains it. The name of a custom role that nothing uses yet is typed. */
export function RoleField({ role, roles, onChange }: RoleFieldProps) {
  const [isTyped, setTyped] = useState(false);
  const { about, custom, other, otherName } = t.roles;
  const choose = (value: string): void => {
    setTyped(value === OTHER);
    onChange(value === OTHER ? '' : value);
  };
  return (
    <div className="users-field">
      <label className="users-field">
        {t.users.role}
        <select value={isTyped ? OTHER : role} onChange={(event) => choose(event.target.value)}>
          {roles.map((name) => (
            <option key={name} value={name}>
              {name.slice(0, 80)}
            </option>
          ))}
          <option value={OTHER}>{other}…</option>
        </select>
      </label>
      {isTyped && (
        <label className="users-field">
          {otherName}
          <input
            required
            maxLength={64}
            value={role}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
        </label>
      )}
      <span className="soft">{Object.hasOwn(about, role) ? about[role] : custom}</span>
    </div>
  );
}
