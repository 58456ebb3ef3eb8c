import { useLayoutEffect, useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEY = 'qlhil-theme';

/** As the system has it, light or dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(kept);
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    keep(theme);
  }, [theme]);
  return (
    <fieldset class="theme">
      <legend class="unseen">Colours</legend>
      {THEMES.map((name) => (
        <label key={name}>
          <input type="radio" name="theme" checked={theme === name} onChange={() => setTheme(name)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

function kept(): Theme {
  try {
    const word = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === word) ?? 'auto';
  } catch {
    return 'auto'; // storage is closed in some viewers of CI artefacts
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // it then holds until the page is closed
  }
}
