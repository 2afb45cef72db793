import de from '../src/lib/i18n/de.json';
import en from '../src/lib/i18n/en.json';
import errorsDe from '../src/lib/i18n/errors.de.json';
import errorsEn from '../src/lib/i18n/errors.en.json';

export { de, en, errorsDe, errorsEn };
