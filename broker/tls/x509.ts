// Before @peculiar/x509: its dependency injection fails at import without it.
// oxlint-disable-next-line import/no-unassigned-import -- it has no exports, only an effect
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

export { x509 };
