export default {
  'lab.page-title': 'recur: three networks learn while you watch',
  'names.page-title': 'recur: where does a name sound from?',
  'language.name': 'English',
  'header.views': 'Views',
  'header.names': 'Names',
  'header.lab': 'Lab',
  'header.translate': 'Translate',
  'header.language': 'Language',
  'header.theme': 'Colours',
  'theme.auto': 'Auto',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'label.Arabic': 'Arab countries',
  'label.English': 'England',
  'label.Scottish': 'Scotland',
  'label.Welsh': 'Wales',
  'label.scandinavia': 'Scandinavia',
  'label.nordic': 'Nordic countries',
  'label.baltic': 'Baltic states',
  'label.britain': 'Great Britain',
  'label.isles': 'Britain and Ireland',
  'label.iberia': 'Spain, Portugal and Latin America',
  'label.central': 'Central Europe',
  'label.balkans': 'Balkans',
  'label.eastern': 'Eastern Europe',
  'label.caucasus': 'Caucasus',
  'label.maghreb': 'Maghreb',
  'label.south-asia': 'South Asia',
  'label.east-asia': 'East Asia',
  'label.southeast-asia': 'Southeast Asia',
  'label.west-africa': 'West Africa',
  'label.east-africa': 'East Africa',
  'label.polynesia': 'Polynesia',

  'input.label': 'Type a family name',
  'input.try': 'Try',

  'cells.label': 'Network',
  'cells.all': 'All three',
  'ranking.likely': 'Most likely',
  'ranking.unsure': 'Not sure',
  'ranking.after': ({ text }) => `After “${text}”`,
  'ranking.caveat': 'Guessed from the spelling alone. It says nothing about the person.',
  'ranking.empty': 'Type a name, and five countries answer at every letter.',
  'ranking.unreadable':
    'The network knows only the letters a to z and their accented forms. It cannot read this.',
  'lists.label': 'Names learnt',
  'lists.world': 'The world',
  'lists.own': 'Your file’s',
  'lists.tutorial': 'The tutorial’s 18',
  'prior.label': 'Chances before the first letter',
  'prior.equal': 'Equal chances',
  'prior.balanced': 'In between',
  'prior.data': 'As in the lists',
  'prior.says.equal': 'Every country has the same chance before the first letter.',
  'prior.says.balanced':
    'Countries with longer lists of names have somewhat more chance from the start.',
  'prior.says.data': 'Countries with longer lists of names have more chance from the start.',
  'ranking.region': ({ name, percent }) => `${name}: ${percent}`,
  'ranking.script': ({ script, name }) =>
    `${written(script, name)}. That alone is what this rests on. It says nothing about the person.`,
  'ranking.script-unknown': ({ script, name }) =>
    `${written(script, name)}, which the network cannot read.`,
  'ranking.unknown': 'The network cannot read this.',
  'ranking.announce': ({ text, sure, items }, { and }) =>
    `${text}: ${sure ? '' : 'not sure; '}${and(items)}`,

  'load.progress': ({ cell, loaded, total }) => `Fetching the ${cell}: ${loaded} of ${total}`,
  'load.starting': 'Starting',
  'load.failed': ({ cell }) => `The ${cell} could not be loaded.`,
  'load.network': 'Its file did not arrive. Is there a connection?',
  'load.missing': 'The server does not have its file.',
  'load.corrupt': 'Its file arrived damaged, so it was not used.',
  'load.engine': 'The engine refused it.',
  'load.retry': 'Try again',
  'problem.too-long': ({ max }, { integer }) =>
    `That is more than ${integer(max)} letters, too long for a name. Shorten it, and the answer comes back.`,
  'problem.engine': 'The engine could not answer for this text.',

  'map.title': 'Where such names are common',
  'map.lead':
    'The stronger a country’s colour, the likelier. Of the faint ones no names were learnt. England, Scotland and Wales are drawn as one.',
  'map.unlisted': 'No names from here were learnt',
  'map.table': 'Probability of each country',
  'map.share': 'Probability',

  'alike.title': 'Names that end alike',
  'alike.none': 'The lists have no usual ending like this.',

  'strip.title': 'Letter by letter',
  'strip.lead': 'What it believes after each letter, as if the name ended there.',
  'strip.letters': 'Letters',
  'strip.letter': ({ unknown, best, percent }) =>
    `${unknown ? ' (unreadable letter)' : ''}: ${best} ${percent}`,
  'strip.cut': ({ count }, { integer }) => `The first ${integer(count)} letters.`,
  'strip.left': ({ best, left }, { integer }) =>
    `${integer(left)} countries that were never among the first ${integer(best)} are left out.`,
  'heat.table': 'As a table',
  'strip.caption': 'Probability of each country after each letter',
  'strip.country': 'Country',

  'compare.title': 'Three networks, one name',
  'compare.lead': 'They differ only in how a step remembers the one before.',
  'compare.together':
    'Together, by the mean of the logarithms of their probabilities, they are right a little more often than each alone.',
  'compare.rnn': 'One state, overwritten at every letter',
  'compare.lstm': 'A separate memory, guarded by three gates',
  'compare.gru': 'Two gates that blend old with new',
  'compare.weights': ({ count }, { integer }) => `${integer(count)} weights`,
  'compare.waiting': 'Waiting',

  'table.title': 'A whole list of names',
  'table.lead':
    'Drop a CSV or TSV file on this page, and get it back with the likely countries in columns of their own. It does not leave this device, and all else in it stays as it is.',
  'table.choose': 'Choose a file',
  'table.column': 'Column with the names',
  'table.top': 'Countries for each name',
  'table.begins': ({ values }, { and }) => `It begins: ${and(values)}`,
  'table.start': 'Add the columns',
  'table.rows': ({ rows, percent }) => `${rows} rows, ${percent}`,
  'table.cancel': 'Cancel',
  'table.cancelled': 'Cancelled. No file was made.',
  'table.done': ({ rows, milliseconds }, { integer, seconds }) =>
    `${integer(rows)} rows in ${seconds(milliseconds / 1000)}. First in most rows:`,
  'table.save': ({ name }) => `Save ${name}`,
  'table.again': 'Other columns',
  'table.caveat':
    'The columns say where names are common, nothing about the people who bear them. Never use them to decide anything about people.',
  'table.error.utf16': 'The file is in UTF-16. Save it as UTF-8, and try again.',
  'table.error.empty': 'The file is empty.',
  'table.error.memory': 'There is not enough memory for this file.',
  'table.error.large':
    'The file is larger than 100 MB: too much for a page. The program classify takes any size.',
  'table.error.network': 'The script for tables did not arrive. Is there a connection?',
  'table.error.failed': 'This file could not be read.',

  'signup.title': 'A sign-up form that takes the hint',
  'signup.name': 'Family name',
  'signup.country': 'Country',
  'signup.choose': 'Choose a country',
  'signup.suggested': 'Suggested',
  'signup.all': 'All countries',
  'signup.from-name': 'A guess from the spelling. Change it if it is wrong.',
  'signup.unsure': 'No guess: the spelling says too little.',
  'signup.own': 'Your choice. The name no longer changes it.',
  'signup.reset': 'Suggest again',
  'signup.phone': 'Mobile number',
  'signup.digits': ({ lengths }, { or }) =>
    `${or(lengths)} ${lengths.at(-1) === '1' ? 'digit' : 'digits'}`,
  'signup.typed': ({ digits, lengths }, { or }) => `${digits} of ${or(lengths)} digits`,
  'signup.complete': ({ digits }) => `${digits} digits, complete`,
  'signup.long': ({ digits, lengths }, { or }) => `${digits} digits, more than ${or(lengths)}`,
  'signup.private': 'Only a sample: nothing is stored or sent.',

  'limits.title': 'What it cannot know',
  'limits.text':
    'It compares spellings with 18 lists of family names, nearly half of them Russian. That is a pattern of letters, not a person: it says nothing about anyone’s nationality, ethnicity or origin. Most countries are not even among the 18. Never use it to decide anything about people.',
  'limits.own': ({ count = 0 }, { integer }) =>
    `It compares spellings with ${integer(count)} labels of your own file, and knows only what that network learnt. A pattern of letters is not a person: never use it to decide anything about people.`,
  'limits.world': ({ count = 91 }, { integer }) =>
    `It compares spellings with lists of family names of ${integer(count)} countries. What it finds is where a name is common. That is a pattern of letters, not a person: it says nothing about anyone’s nationality, ethnicity or origin. Half of the world’s countries are not among them, and many names are at home in several. Never use it to decide anything about people.`,

  'translate.page-title': 'recur: English to French in your browser',
  'translate.english': 'Type English',
  'translate.placeholder': 'A sentence, or a few paragraphs',
  'translate.hint': 'The French follows while you type. Alt and arrow down shows alternatives.',
  'translate.clear': 'Clear',
  'translate.french': 'French',
  'translate.empty': 'Type something in English, and it comes back in French as you type.',
  'translate.models': 'Translator',
  'translate.model.main': 'Main',
  'translate.model.tutorial': 'Tutorial',
  'translate.the.main': 'translator',
  'translate.the.tutorial': 'tutorial’s translator',
  'translate.copy': 'Copy',
  'translate.copied.done': 'Copied',
  'translate.copied.selected': 'Selected: copy it',
  'translate.alternatives': 'Alternatives',
  'translate.alternatives-key': 'Alternatives (Alt + ↓)',
  'translate.instead': ({ source }) => (source ? `For “${source}”` : 'Also found'),
  'translate.no-others': 'It found no other.',
  'translate.share': 'Its share of what was found, evened out by length',
  'translate.took': ({ time }) => `${time} on this device`,
  'translate.unknown': ({ words }) =>
    `It has never seen ${words}, so it can only guess around that.`,
  'translate.truncated': 'It stopped at its length limit before the sentence ended.',
  'translate.cut': ({ max }) => `It reads only the first ${max} words of a sentence.`,
  'translate.too-long': ({ max }) =>
    `That is more than ${max} bytes of text, too much at once. Shorten it, and the French comes back.`,
  'translate.announce': 'In French:',
  'translate.announce-word': ({ word, items }) => `${word}: ${items}`,
  'translate.announce-copied': ({ word, kind }, { t }) => `${word}: ${t(`copied.note.${kind}`)}`,
  'translate.absent': ({ translator }) =>
    `This copy of the page was built without the ${translator}: its weights were not there.`,
  'translate.size': ({ translator, size }) =>
    `The ${translator} is ${size}. It is fetched once, stays on this device, and then works offline.`,
  'translate.kept': ({ translator }) => `The ${translator} is on this device.`,
  'translate.fetch': ({ size }) => `Fetch ${size}`,
  'translate.fetching': ({ translator, loaded, total }) =>
    `Fetching the ${translator}, once: ${loaded} of ${total}`,
  'translate.stop': 'Stop',
  'translate.stopped': ({ translator, size }) => `Stopped. The ${translator} is ${size}.`,
  'translate.failed': ({ translator }) => `The ${translator} could not be loaded.`,
  'translate.offline': ({ translator }) =>
    `No network, and the ${translator} is not on this device yet. It comes as soon as the network is back.`,
  'lab.scripts': 'The lab’s scripts did not arrive. Is there a connection?',
  'translate.scripts': 'The translator’s scripts did not arrive. Is there a connection?',
  'translate.example.agreement': 'she is, he is',
  'translate.example.tenses': 'tenses',
  'translate.example.idiom': 'an idiom',
  'translate.example.question': 'a question',
  'translate.example.capitals': 'capitals',
  'translate.example.link': 'a link',
  'translate.example.emoji': 'an emoji',
  'translate.example.price': 'a price and a time',
  'translate.example.unseen': 'a name it has never seen',
  'translate.example.paragraph': 'paragraphs',

  'copied.sample': 'word',
  'copied.legend': 'copied, not translated',
  'copied.note.as-is': 'copied, not translated',
  'copied.note.set': 'not translated, but set as French does',
  'numbers.label': 'Numbers',
  'numbers.french': 'French',
  'numbers.as-is': 'as they are',

  'heatmap.title': 'Where it looked',
  'heatmap.lead': 'For each French word, the English words that it looked at while writing it.',
  'heatmap.copied': 'All of it was copied, so the network did not look at anything.',
  'heatmap.which': ({ index, count }) =>
    `Part ${index} of ${count}: the one that you pointed at last.`,
  'heatmap.caption': 'Attention of each French word, in rows, to each English word',

  'models.title': 'Two networks, one text',
  'models.lead': 'Both read, then write, and look back at what they read.',
  'models.main':
    'Knows pieces of words, so no word is new to it. It reads in both directions and weighs four translations at once.',
  'models.tutorial':
    'The classic tutorial: whole words in lower case, nine at most, and only those of its lesson: “i am”, “she is”, “they are”. Anything else is lost on it.',

  'about.title': 'How good it is, and where it is weak',
  'about.lead':
    'BLEU scores of the main translator on sentences that it was not trained on: the share of runs of words that it has in common with one translation by people. 100 would be that translation, word for word.',
  'about.domain': 'Kind of text',
  'about.sentences': 'Sentences',
  'about.score': 'BLEU',
  'about.domain.everyday': 'Everyday: mails, chats, recipes, notices',
  'about.domain.news': 'News',
  'about.domain.flores': 'Wikimedia articles (FLORES)',
  'about.domain.tatoeba': 'Short sentences (Tatoeba)',
  'about.unmeasured': 'not measured yet',
  'about.size': 'Size',
  'about.size-value': ({ size, count }, { integer }) =>
    count ? `${size}, ${integer(count)} weights` : size,
  'about.speed': 'One sentence',
  'about.weak':
    'It is best at short everyday sentences and weakest at news, encyclopedias and specialist texts, at long sentences and at plays on words. It sees one sentence at a time: what “it” or “you” was in the one before, it does not know, so genders and tu or vous may be wrong. Read what it says before you rely on it, and never rely on it alone in matters of law, health or money.',

  'footer.title': 'About this page',
  'footer.version': 'Version',
  'footer.loaded': 'Loaded',
  'footer.sizes': ({ page, module, weights }) =>
    `${page} page, ${module} WebAssembly, ${weights} weights`,
  'footer.kernel': 'Kernel',
  'footer.kernel.relaxed': 'WebAssembly relaxed SIMD, 128 bit',
  'footer.kernel.simd128': 'WebAssembly SIMD, 128 bit',
  'footer.kernel.scalar': 'WebAssembly without SIMD: works, a little slower',
  'footer.time.names': 'One classification',
  'footer.time.lab': 'One training step',
  'footer.time.translate': 'One sentence',
  'footer.milliseconds': ({ time, count }) => `${time}, measured here over ${count}`,
  'footer.offline': 'Offline',
  'footer.offline.ready': 'Ready: works without a network',
  'footer.offline.saving': 'Being saved on this device',
  'footer.offline.failed': 'Could not be saved on this device',
  'footer.offline.unsupported': 'This browser or address does not allow it',
  'footer.offline.unkept': 'The page, yes; this translator is not kept here',
  'footer.offline.now': 'No network now. All of this still works.',
  'footer.private.names': 'Names stay on this device: nothing you type is sent anywhere.',
  'footer.private.lab':
    'The networks learn on this device: neither your names nor what was learnt is sent anywhere.',
  'footer.private.translate':
    'What you type stays on this device: no word of it is sent anywhere. This tab keeps it until you close it.',
  'footer.sources': 'Sources',
  'footer.lists':
    'Names: written for this page and joined with free lists (MIT, CC0). Curves: uPlot, MIT.',
  'footer.names': 'Names: data archive of the PyTorch tutorials.',
  'footer.pairs': 'Sentence pairs: Tatoeba, CC BY 2.0 FR.',
  'footer.weights': ({ licence }) => `Weights: ${licence}.`,
  'footer.flags': 'Flags: country-flag-icons, MIT.',
  'footer.map': 'Map: Natural Earth through world-atlas, ISC.',
  'footer.phones':
    'Telephone numbers: libphonenumber-js, MIT, from Google’s libphonenumber, Apache 2.0.',
  'footer.code': 'Code, MIT',
  'footer.unknown': 'Not yet measured',
};

/** Some scripts have no letters, or are called by a name of their own. */
function written(script, name) {
  if (script === 'Hani') return 'Written in Chinese characters';
  return ['Hang', 'Jpan'].includes(script)
    ? `Written in ${script === 'Jpan' ? 'kana' : name}`
    : `Written in ${name} letters`;
}
