// The console: who is signed in, then the page of the address.
import './app.css';
import '../wall/wall.css';
import { render } from 'preact';
import { language, setLanguage } from '@web/language';
import '@web/theme';
import { lookWhoIAm } from '../live/me';
import { App } from './app';

setLanguage(language.value);
void lookWhoIAm();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
