/** Strings of the lab, which come with its scripts. */
export default {
  'lab.name': 'A name to watch while they learn',
  'lab.controls': 'Training',
  'lab.start': 'Start',
  'lab.go-on': 'Go on',
  'lab.pause': 'Pause',
  'lab.step': 'One step',
  'lab.reset': 'Reset',
  'lab.more': 'More settings',
  'lab.data': 'Names to learn',
  'lab.data.sample': 'Sample: 18 kinds, 720 names',
  'lab.data.world': 'The world: 91 countries',
  'lab.data.uneven': '18 kinds, as uneven as the tutorial’s',
  'lab.data.own': 'Your own',
  'lab.lr': 'Learning rate',
  'lab.batch': 'Names a step',
  'lab.hidden': 'Units',
  'lab.layers': 'Layers',
  'lab.directions': 'Directions',
  'lab.directions.1': 'forward',
  'lab.directions.2': 'forward and back',
  'lab.embedding': 'Letter embedding',
  'lab.embedding.none': 'one-hot',
  'lab.pooling': 'Output sees',
  'lab.pooling.last': 'the last state',
  'lab.pooling.all': 'last, maximum, mean',
  'lab.optimizer': 'Optimiser',
  'lab.optimizer.adamw': 'AdamW',
  'lab.optimizer.adam': 'Adam',
  'lab.optimizer.sgd': 'SGD',
  'lab.dropout': 'Dropout',
  'lab.clip': 'Gradient clipping',
  'lab.clip.none': 'none',
  'lab.seed': 'Seed',
  'lab.recipe': 'Preset',
  'lab.recipe.lab': 'Quick learner',
  'lab.recipe.tutorial': 'The tutorial’s',
  'lab.recipe-about.lab':
    'AdamW, a few dozen names a step: all three cells learn within seconds (Loshchilov and Hutter 2019).',
  'lab.recipe-about.tutorial':
    'One name a step by plain SGD with a rate of 0.001, as in PyTorch’s tutorial “Classifying Names with a Character-Level RNN”.',
  'lab.why':
    'Why LSTM and GRU stay at the commonest label, the LSTM for 30,000 steps and the GRU for 10,000, when the RNN has long left it: their gates start half open and so let only a fraction of the signal through to the weights, which at this small rate learn at first little but how common each label is; set the rate to 0.01 or 0.03 while they learn, and they leave it (Hochreiter and Schmidhuber 1997; Cho et al. 2014).',
  'lab.loading': 'Fetching the names and the training module.',
  'lab.none': 'Give some names of your own below, and the networks are made for them.',
  'lab.failed': 'The lab could not be made ready.',
  'lab.stopped': ({ cell, error }) => `The ${cell} has stopped: ${error}`,
  'lab.pending': 'These settings count from the next reset on.',
  'lab.examples': ({ train, dev, labels }, { integer }) =>
    `${integer(train)} names to learn, ${integer(dev)} kept apart to test on, ${integer(labels)} labels.`,
  'lab.cells': 'Networks',
  'lab.learns': ({ cell }) => `${cell} learns too`,
  'lab.accuracy': ({ count }, { integer }) => `right of ${integer(count)} names kept apart`,
  'lab.fact.loss': 'Loss, nats',
  'lab.fact.speed': 'Names/s',
  'lab.fact.step': 'Steps',
  'lab.fact.epoch': 'Epochs',
  'lab.says': ({ name }) => `What it says of “${name}”`,
  'lab.announce': ({ step, items }, { and }) => `At step ${step}: ${and(items)}`,

  'lab.curves': 'How they learn',
  'lab.across': 'Across',
  'lab.across.step': 'Steps',
  'lab.across.seconds': 'Time',
  'lab.curves.accuracy': 'Accuracy on names kept apart',
  'lab.curves.accuracy-hint': 'The share whose first guess is right; no network learnt from them.',
  'lab.curves.loss': 'Loss on the names just learnt',
  'lab.curves.loss-hint': 'Cross-entropy in nats: 0 where all chance went to the right label.',
  'lab.curves.table': 'Accuracy and loss as the networks learnt',
  'lab.head.network': 'Network',
  'lab.head.step': 'Step',
  'lab.head.seconds': 'Time',
  'lab.head.accuracy': 'Accuracy',
  'lab.head.loss': 'Loss',
  'lab.head.label': 'Label',
  'lab.head.taken': 'Taken for',
  'lab.head.names': 'Names',

  'lab.confusion': 'What is taken for what',
  'lab.confusion.lead':
    'A row for each label, a column for each first guess, on the names kept apart: what is right lies on the diagonal. Colour goes by the root of the share, so that a single name shows.',
  'lab.confusion.label': ({ cell }) =>
    `Confusion matrix of the ${cell}: arrows move over it, Enter opens the names`,
  'lab.confusion.down': 'Label',
  'lab.confusion.across': 'First guess',
  'lab.confusion.point': 'Point at a cell, or press it for its names.',
  'lab.confusion.right': ({ from, count }, { integer }) => `${from}, recognised: ${integer(count)}`,
  'lab.confusion.taken': ({ from, to, count }, { integer }) =>
    `${from} taken for ${to}: ${integer(count)}`,
  'lab.confusion.worst': 'Most often mistaken',
  'lab.confusion.names': 'The names behind it',
  'lab.confusion.none-open': 'Press a cell of the picture or a line above.',
  'lab.confusion.more': ({ count }, { integer }) => `and ${integer(count)} more`,
  'lab.confusion.table': 'Names by label and first guess',

  'lab.own': 'Your own names',
  'lab.own.lead':
    'One column of names and one of labels, as CSV or TSV: drop a file on this page, choose one, or paste lines. Any labels will do. Nothing is uploaded.',
  'lab.own.paste': 'Or paste lines',
  'lab.own.use': 'Use these lines',
  'lab.own.pasted': ({ size }) => `Pasted lines (${size})`,
  'lab.own.name': 'Column of names',
  'lab.own.label': 'Column of labels',
  'lab.own.header': 'The first line names the columns',
  'lab.own.keep': 'Keep them on this device',
  'lab.own.read': ({ count, labels }, { integer }) => `${integer(count)} names, ${labels} labels.`,
  'lab.own.fault.tab': ({ line }, { integer }) =>
    `Line ${integer(line)} has no column of labels: put a tab or comma and a label behind the name.`,
  'lab.own.fault.name': ({ line }, { integer }) => `Line ${integer(line)} has no name.`,
  'lab.own.fault.label': ({ line }, { integer }) => `Line ${integer(line)} has no label.`,
  'lab.own.faults': ({ lines, more }, { integer }) =>
    `${lines.join(' ')}${more ? ` So have ${integer(more)} more lines.` : ''} Put that right, and give it again.`,
  'lab.own.nothing': 'No line has both a name and a label. Are these the right columns?',
  'lab.own.labels': 'All names have the same label: there is nothing to tell apart.',
  'lab.own.large':
    'That is more than 20 MB, too much for a page. The program train takes any size.',

  'lab.inside': 'Look inside',
  'lab.inside.lead':
    'What each of the units is while the network reads the name: letters across, units down, those side by side that go alike.',
  'lab.inside.rnn':
    'An RNN has one state, made anew at every letter out of the letter and itself (Elman 1990).',
  'lab.inside.lstm':
    'An LSTM keeps a cell beside its state: the forget gate says what stays in it, the input gate what comes in, the output gate what is shown (Hochreiter and Schmidhuber 1997; Gers et al. 2000).',
  'lab.inside.gru':
    'A GRU blends: the update gate says how much of the old state stays, the reset gate how much of it the new candidate sees (Cho et al. 2014).',
  'lab.inside.second': 'Beside it, a second name',
  'lab.inside.none': 'none',
  'lab.inside.layer': 'Layer',
  'lab.inside.direction.0': 'forward',
  'lab.inside.direction.1': 'backward',
  'lab.inside.empty': 'Type a name above that the network can read.',
  'lab.inside.point': 'Point at a cell, or press it to follow its unit below.',
  'lab.inside.at': ({ array, unit, letter, value }) =>
    `${array}, unit ${unit}, letter “${letter}”: ${value}`,
  'lab.inside.label': ({ array, name }) =>
    `${array} while “${name}” is read: arrows move over it, Enter follows the unit`,
  'lab.inside.unit': 'Unit',
  'lab.inside.table': 'Gates and states of each unit after each letter',
  'lab.array.input': 'Input gate',
  'lab.array.forget': 'Forget gate',
  'lab.array.candidate': 'Candidate',
  'lab.array.output': 'Output gate',
  'lab.array.reset': 'Reset gate',
  'lab.array.update': 'Update gate',
  'lab.array.cell': 'Cell',
  'lab.array.hidden': 'State',
  'lab.unit': ({ unit, letter, name }) => `Unit ${unit} at “${letter}” of “${name}”`,
  'lab.unit.rnn':
    'x is the letter, h₋₁ the state before it; the sum within is what the numbers say (Elman 1990).',
  'lab.unit.lstm':
    'What is kept is added to, not written over, so a gate near 1 holds it over many letters (Hochreiter and Schmidhuber 1997).',
  'lab.unit.gru':
    'Where z is near 1 the old state goes on untouched, letter after letter (Cho et al. 2014).',
  'lab.unit.course': ({ unit, name }) => `Unit ${unit} over “${name}”`,
  'lab.unit.course-hint': ({ items }, { and }) => and(items),
  'lab.unit.drivers': ({ unit }) => `Names that drive unit ${unit} most`,
  'lab.unit.highest': 'Highest at:',
  'lab.unit.lowest': 'Lowest at:',

  'lab.gradient': 'What reaches the first letter',
  'lab.gradient.lead':
    'How strongly the loss pulls at the state after each letter: where the pull has vanished on the way back, the network cannot learn from that letter, which is why LSTM and GRU exist (Bengio et al. 1994; Hochreiter and Schmidhuber 1997).',
  'lab.gradient.label': 'As if the name were',
  'lab.gradient.hint':
    'Norm of the gradient, on a logarithmic scale; dashed: at the start of training.',
  'lab.gradient.result': ({ items }) =>
    `Of the pull at the last letter, the first one gets: ${items.join('; ')}.`,
  'lab.gradient.share': ({ cell, now, start }) => `${cell} ${now} (at the start ${start})`,
  'lab.gradient.table': 'Norm of the gradient of the loss at each letter',
  'lab.gradient.now': ({ cell }) => `${cell} now`,
  'lab.gradient.start': ({ cell }) => `${cell} at the start`,

  'lab.weights': 'Weights out and in',
  'lab.weights.lead':
    'A saved network is one GGUF file that the names view, Node and the program classify open.',
  'lab.weights.save': ({ name }) => `Save ${name}`,
  'lab.weights.use': 'Open in Names',
  'lab.weights.load': 'Open a weight file in Names',
  'lab.weights.refused': ({ error }) => `The engine refused this file: ${error}`,

  'lab.look': 'Look inside the translator',
  'lab.look.lead':
    'One sentence on its way: the encoder reads the English, and for each French word the decoder looks back at what it has read.',
  'lab.look.sentence': 'An English sentence of your own',
  'lab.look.about-small':
    'A small network, trained in seconds on 426 sentences of some 90 words: it does well on sentences like these, and poorly on others.',
  'lab.look.about-full': 'The network of the page’s translator, for any English sentence.',
  'lab.look.networks': 'Network',
  'lab.look.full': ({ size }) => `The page’s (${size})`,
  'lab.look.fetching': ({ size }) => `Fetching the translator (${size}).`,
  'lab.look.failed': 'The network could not be fetched.',
  'lab.look.one': 'One sentence at a time, please.',
  'lab.look.copied': 'Nothing in it is to be translated, so the network does not see it.',
  'lab.look.end': '(end)',
  'lab.look.corner': 'French',
  'lab.look.attention': 'Attention by word',
  'lab.look.attention.about':
    'Where the decoder looked when it wrote each French word, in percent: a word of several pieces looks where they do on average, and is looked at by their sum (Bahdanau et al. 2015).',
  'lab.look.attention.caption': 'Attention in percent: French words down, English words across',
  'lab.look.steps': 'Gates and states',
  'lab.look.encoder': 'Encoder',
  'lab.look.decoder': 'Decoder',
  'lab.look.about.encoder':
    'A GRU reads forward and another backward, so that each state knows what stands around its word (Schuster and Paliwal 1997): words across, units down, those side by side that go alike.',
  'lab.look.about.decoder':
    'The decoder’s GRU begins with what the encoder ends with, and each of its states asks what to look at next (Sutskever et al. 2014; Luong et al. 2015).',
  'lab.look.empty': 'Write a sentence above.',
  'lab.look.point': 'Point at a cell for its number.',
  'lab.look.at': ({ array, unit, letter, value }) =>
    `${array}, unit ${unit}, after “${letter}”: ${value}`,
  'lab.look.label': ({ array, name }) => `${array} at “${name}”: arrows move over it`,
  'lab.look.table': 'Gates and states of each unit at each word',
  'lab.scores': 'How the three scores differ',
  'lab.scores.lead':
    'Attention is a softmax over scores of the decoder’s state h with each encoder state s: these three small networks learnt the same 426 sentences from the same seed and differ in the score alone.',
  'lab.scores.dot': 'Dot product',
  'lab.scores.general': 'General',
  'lab.scores.additive': 'Additive',
  'lab.scores.about.dot':
    'Nothing to learn, so that h and s have to speak the same language themselves (Luong et al. 2015, “dot”).',
  'lab.scores.about.general':
    'A learnt matrix W translates s into the language of h before the product, a bilinear form; here scaled by the root of the width (Luong et al. 2015, “general”; Vaswani et al. 2017).',
  'lab.scores.about.additive':
    'A small network with one hidden layer looks at both, which can weigh them in ways no product can (Bahdanau et al. 2015; “concat” in Luong et al. 2015).',
  'lab.scores.caption': ({ name }) => `${name}: attention in percent`,
  'lab.scores.spread': ({ words }) => `A word looks at ${words} words on average (perplexity).`,
  'lab.scores.apart': ({ share }) =>
    `The plain dot product of the same states puts ${share} of it elsewhere.`,
  'lab.scores.plain': 'The plain dot product of the same states, in percent',
  'lab.scores.plain-about':
    'Nobody trained this: the states are those of the network above, which learnt with its own score, so what differs is what the score’s weights do.',
};
