import { useEffect, useRef, useState } from 'preact/hooks';

const SAID_FOR_MS = 2_000;

/** A command to paste into a shell, with a button that copies it. */
export function Command({ label, text }: { readonly label: string; readonly text: string }) {
  const shown = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => setSaid(await copyText(text, shown.current));
  return (
    <div class="command">
      {/* Long commands scroll: the keyboard must reach them. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        <code ref={shown}>{text}</code>
      </pre>
      <button type="button" onClick={copy} aria-label={`Copy: ${label}`}>
        {said === '' ? 'Copy' : said}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}

/** Where the clipboard is closed to us the text is selected, to be copied by hand. */
async function copyText(text: string, shown: HTMLElement | null): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    if (shown !== null) getSelection()?.selectAllChildren(shown);
    return 'Selected';
  }
}
