import { holdLifeline } from './lifeline-client.ts';

// Jest runs this before each test file.
holdLifeline();
