import { defineConfig } from 'vite';
import { pageConfig } from '../../../proto/web/tools/page_config';

export default defineConfig(pageConfig(import.meta.url, 150));
