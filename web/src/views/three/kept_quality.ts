// Remembers how good a picture the visitor chose, for the next visit.
import { keep_choice, read_choice } from '../../lib/theme';
import { kQualityChoices, type QualityChoice } from './quality';

const kKey = 'citiverse.three.quality';

export function kept_quality(): QualityChoice {
  const kept = read_choice(kKey);
  return kQualityChoices.find((choice) => choice === kept) ?? 'automatic';
}

export function keep_quality(choice: QualityChoice): void {
  keep_choice(kKey, choice);
}
