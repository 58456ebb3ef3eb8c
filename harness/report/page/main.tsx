import './page.css';
import { render } from 'preact';
import { PAGE_ELEMENT } from '../page-data.ts';
import { App } from './app.tsx';
import { readPageData } from './data.ts';

// After the first paint: the answer stands in the page as plain markup, and is read while the rest comes.
requestAnimationFrame(() => setTimeout(mount));

function mount(): void {
  const root = document.getElementById(PAGE_ELEMENT);
  if (root === null) return;
  const data = readPageData();
  root.replaceChildren();
  render(<App data={data} />, root);
}
