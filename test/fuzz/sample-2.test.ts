import { describe } from 'vitest';
import { sampleEvery } from './sample.fixture.ts';

describe('spoiled input', () => sampleEvery(2, 3));
