import { useId } from 'react';

/** From the least to the most that may be done. */
export const ROLE_NAMES = ['viewer', 'trader', 'risk', 'admin'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

export function RoleSelect({ value, onChange }: { readonly value: RoleName; readonly onChange: (role: RoleName) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Role</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as RoleName)}>
        {ROLE_NAMES.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
    </div>
  );
}
