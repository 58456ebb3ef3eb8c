import './page.css';
import { render } from 'preact';
import { PAGE_ELEMENT } from '../page-data.ts';
import { App } from './app.tsx';
import { readPageData } from './data.ts';

const root = document.getElementById(PAGE_ELEMENT);
if (root !== null) {
  const data = readPageData();
  root.replaceChildren();
  render(<App data={data} />, root);
}
