/** Strings of the lab, which come with its scripts. */
export default {
  'lab.name': 'Un nom à suivre pendant l’apprentissage',
  'lab.controls': 'Apprentissage',
  'lab.start': 'Lancer',
  'lab.go-on': 'Continuer',
  'lab.pause': 'Pause',
  'lab.step': 'Un pas',
  'lab.reset': 'Recommencer',
  'lab.more': 'Autres réglages',
  'lab.data': 'Noms à apprendre',
  'lab.data.sample': 'Échantillon : 18 sortes, 720 noms',
  'lab.data.world': 'Le monde : 91 pays',
  'lab.data.uneven': '18 sortes, inégales comme au tutoriel',
  'lab.data.own': 'Les vôtres',
  'lab.lr': 'Pas d’apprentissage',
  'lab.batch': 'Noms par pas',
  'lab.hidden': 'Unités',
  'lab.layers': 'Couches',
  'lab.directions': 'Sens de lecture',
  'lab.directions.1': 'avant',
  'lab.directions.2': 'avant et arrière',
  'lab.embedding': 'Plongement des lettres',
  'lab.embedding.none': 'aucun (one-hot)',
  'lab.pooling': 'La sortie voit',
  'lab.pooling.last': 'le dernier état',
  'lab.pooling.all': 'dernier, maximum, moyenne',
  'lab.optimizer': 'Optimiseur',
  'lab.optimizer.adamw': 'AdamW',
  'lab.optimizer.adam': 'Adam',
  'lab.optimizer.sgd': 'SGD',
  'lab.dropout': 'Dropout',
  'lab.clip': 'Écrêtage du gradient',
  'lab.clip.none': 'aucun',
  'lab.seed': 'Graine',
  'lab.recipe': 'Préréglage',
  'lab.recipe.lab': 'Apprenti rapide',
  'lab.recipe.tutorial': 'Celui du tutoriel',
  'lab.recipe-about.lab':
    'AdamW, quelques dizaines de noms par pas : les trois cellules apprennent en quelques secondes (Loshchilov et Hutter 2019).',
  'lab.recipe-about.tutorial':
    'Un nom par pas, en SGD simple au pas de 0,001, comme dans le tutoriel de PyTorch « Classifying Names with a Character-Level RNN ».',
  'lab.why':
    'Pourquoi LSTM et GRU en restent à l’étiquette la plus fréquente, le LSTM pendant 30 000 pas et le GRU pendant 10 000, quand le RNN en est sorti depuis longtemps : leurs portes, à demi ouvertes au départ, ne laissent passer vers les poids qu’une fraction du signal, et à ce petit taux ils n’apprennent d’abord guère que la fréquence de chaque étiquette ; passez à 0,01 ou 0,03 en cours de route, et ils en sortent (Hochreiter et Schmidhuber 1997 ; Cho et al. 2014).',
  'lab.loading': 'Chargement des noms et du module d’apprentissage.',
  'lab.none': 'Donnez ci-dessous vos propres noms, et les réseaux seront faits pour eux.',
  'lab.failed': 'Le laboratoire n’a pas pu être préparé.',
  'lab.stopped': ({ cell, error }) => `Le ${cell} s’est arrêté : ${error}`,
  'lab.pending': 'Ces réglages vaudront au prochain recommencement.',
  'lab.examples': ({ train, dev, labels }, { integer }) =>
    `${integer(train)} noms à apprendre, ${integer(dev)} mis de côté pour l’épreuve, ${integer(labels)} étiquettes.`,
  'lab.cells': 'Réseaux',
  'lab.learns': ({ cell }) => `Le ${cell} apprend aussi`,
  'lab.accuracy': ({ count }, { integer }) => `justes parmi ${integer(count)} noms mis de côté`,
  'lab.fact.loss': 'Perte, nats',
  'lab.fact.speed': 'Noms/s',
  'lab.fact.step': 'Pas',
  'lab.fact.epoch': 'Époques',
  'lab.says': ({ name }) => `Ce qu’il dit de « ${name} »`,
  'lab.announce': ({ step, items }, { and }) => `Au pas ${step} : ${and(items)}`,

  'lab.curves': 'Comment ils apprennent',
  'lab.across': 'En abscisse',
  'lab.across.step': 'Pas',
  'lab.across.seconds': 'Temps',
  'lab.curves.accuracy': 'Exactitude sur les noms mis de côté',
  'lab.curves.accuracy-hint':
    'La part dont la première réponse est juste ; aucun réseau ne les a appris.',
  'lab.curves.loss': 'Perte sur les noms qu’ils viennent d’apprendre',
  'lab.curves.loss-hint':
    'Entropie croisée en nats : 0 si toute la probabilité va à la bonne étiquette.',
  'lab.curves.table': 'Exactitude et perte au fil de l’apprentissage',
  'lab.head.network': 'Réseau',
  'lab.head.step': 'Pas',
  'lab.head.seconds': 'Temps',
  'lab.head.accuracy': 'Exactitude',
  'lab.head.loss': 'Perte',
  'lab.head.label': 'Étiquette',
  'lab.head.taken': 'Prise pour',
  'lab.head.names': 'Noms',

  'lab.confusion': 'Ce qui est pris pour quoi',
  'lab.confusion.lead':
    'Une ligne par étiquette, une colonne par première réponse, sur les noms mis de côté : ce qui est juste est sur la diagonale. La couleur suit la racine de la part, pour qu’un seul nom se voie.',
  'lab.confusion.label': ({ cell }) =>
    `Matrice de confusion du ${cell} : les flèches s’y déplacent, Entrée ouvre les noms`,
  'lab.confusion.down': 'Étiquette',
  'lab.confusion.across': 'Première réponse',
  'lab.confusion.point': 'Survolez une case, ou cliquez-la pour voir ses noms.',
  'lab.confusion.right': ({ from, count }, { integer }) => `${from}, reconnus : ${integer(count)}`,
  'lab.confusion.taken': ({ from, to, count }, { integer }) =>
    `${from} pris pour ${to} : ${integer(count)}`,
  'lab.confusion.worst': 'Les méprises les plus fréquentes',
  'lab.confusion.names': 'Les noms derrière',
  'lab.confusion.none-open': 'Cliquez une case de l’image ou une ligne ci-dessus.',
  'lab.confusion.more': ({ count }, { integer }) => `et ${integer(count)} autres`,
  'lab.confusion.table': 'Noms par étiquette et première réponse',

  'lab.own': 'Vos propres noms',
  'lab.own.lead':
    'Une colonne de noms et une d’étiquettes, en CSV ou TSV : déposez un fichier sur cette page, choisissez-en un ou collez des lignes. Toute étiquette convient. Rien n’est envoyé.',
  'lab.own.paste': 'Ou collez des lignes',
  'lab.own.use': 'Prendre ces lignes',
  'lab.own.pasted': ({ size }) => `Lignes collées (${size})`,
  'lab.own.name': 'Colonne des noms',
  'lab.own.label': 'Colonne des étiquettes',
  'lab.own.header': 'La première ligne nomme les colonnes',
  'lab.own.keep': 'Les garder sur cet appareil',
  'lab.own.read': ({ count, labels }, { integer }) =>
    `${integer(count)} noms, ${labels} étiquettes.`,
  'lab.own.fault.tab': ({ line }, { integer }) =>
    `La ligne ${integer(line)} n’a pas de colonne d’étiquettes : mettez une tabulation ou une virgule et une étiquette après le nom.`,
  'lab.own.fault.name': ({ line }, { integer }) => `La ligne ${integer(line)} n’a pas de nom.`,
  'lab.own.fault.label': ({ line }, { integer }) =>
    `La ligne ${integer(line)} n’a pas d’étiquette.`,
  'lab.own.faults': ({ lines, more }, { integer }) =>
    `${lines.join(' ')}${more ? ` De même ${integer(more)} autres lignes.` : ''} Corrigez, et redonnez le tout.`,
  'lab.own.nothing':
    'Aucune ligne n’a à la fois un nom et une étiquette. Sont-ce les bonnes colonnes ?',
  'lab.own.labels': 'Tous les noms ont la même étiquette : il n’y a rien à distinguer.',
  'lab.own.large':
    'C’est plus de 20 Mo, trop pour une page. Le programme train accepte toutes les tailles.',

  'lab.inside': 'Voir dedans',
  'lab.inside.lead':
    'Ce que vaut chaque unité pendant que le réseau lit le nom : les lettres en travers, les unités vers le bas, côte à côte celles qui vont de même.',
  'lab.inside.rnn':
    'Un RNN n’a qu’un état, refait à chaque lettre à partir d’elle et de lui-même (Elman 1990).',
  'lab.inside.lstm':
    'Un LSTM garde une cellule à côté de son état : la porte d’oubli dit ce qui y reste, la porte d’entrée ce qui y vient, la porte de sortie ce qui s’en montre (Hochreiter et Schmidhuber 1997 ; Gers et al. 2000).',
  'lab.inside.gru':
    'Un GRU mélange : la porte de mise à jour dit ce qui reste de l’ancien état, la porte de réinitialisation ce qu’en voit le nouveau candidat (Cho et al. 2014).',
  'lab.inside.second': 'À côté, un second nom',
  'lab.inside.none': 'aucun',
  'lab.inside.layer': 'Couche',
  'lab.inside.direction.0': 'avant',
  'lab.inside.direction.1': 'arrière',
  'lab.inside.empty': 'Tapez ci-dessus un nom que le réseau peut lire.',
  'lab.inside.point': 'Survolez une case, ou cliquez-la pour suivre son unité ci-dessous.',
  'lab.inside.at': ({ array, unit, letter, value }) =>
    `${array}, unité ${unit}, lettre « ${letter} » : ${value}`,
  'lab.inside.label': ({ array, name }) =>
    `${array} à la lecture de « ${name} » : les flèches s’y déplacent, Entrée suit l’unité`,
  'lab.inside.unit': 'Unité',
  'lab.inside.table': 'Portes et états de chaque unité après chaque lettre',
  'lab.array.input': 'Porte d’entrée',
  'lab.array.forget': 'Porte d’oubli',
  'lab.array.candidate': 'Candidat',
  'lab.array.output': 'Porte de sortie',
  'lab.array.reset': 'Réinitialisation',
  'lab.array.update': 'Mise à jour',
  'lab.array.cell': 'Cellule',
  'lab.array.hidden': 'État',
  'lab.unit': ({ unit, letter, name }) => `Unité ${unit} à « ${letter} » de « ${name} »`,
  'lab.unit.rnn':
    'x est la lettre, h₋₁ l’état d’avant ; les nombres donnent la somme entre parenthèses (Elman 1990).',
  'lab.unit.lstm':
    'Ce qui est gardé reçoit des ajouts au lieu d’être récrit : une porte proche de 1 le tient sur bien des lettres (Hochreiter et Schmidhuber 1997).',
  'lab.unit.gru':
    'Où z est proche de 1, l’ancien état passe intact de lettre en lettre (Cho et al. 2014).',
  'lab.unit.course': ({ unit, name }) => `L’unité ${unit} au fil de « ${name} »`,
  'lab.unit.course-hint': ({ items }, { and }) => and(items),
  'lab.unit.drivers': ({ unit }) => `Les noms qui poussent le plus l’unité ${unit}`,
  'lab.unit.highest': 'Au plus haut à :',
  'lab.unit.lowest': 'Au plus bas à :',

  'lab.gradient': 'Ce qui parvient à la première lettre',
  'lab.gradient.lead':
    'La force avec laquelle la perte tire sur l’état après chaque lettre : là où elle s’est évanouie en remontant, le réseau ne peut rien apprendre de la lettre, et c’est pourquoi LSTM et GRU existent (Bengio et al. 1994 ; Hochreiter et Schmidhuber 1997).',
  'lab.gradient.label': 'Comme si le nom était de',
  'lab.gradient.hint':
    'Norme du gradient, échelle logarithmique ; en tirets : au début de l’apprentissage.',
  'lab.gradient.result': ({ items }) =>
    `De ce qui tire sur la dernière lettre, la première reçoit : ${items.join(' ; ')}.`,
  'lab.gradient.share': ({ cell, now, start }) => `${cell} ${now} (au début ${start})`,
  'lab.gradient.table': 'Norme du gradient de la perte à chaque lettre',
  'lab.gradient.now': ({ cell }) => `${cell} maintenant`,
  'lab.gradient.start': ({ cell }) => `${cell} au début`,

  'lab.weights': 'Poids à emporter, poids à ouvrir',
  'lab.weights.lead':
    'Un réseau enregistré est un fichier GGUF que la vue des noms, Node et le programme classify ouvrent.',
  'lab.weights.save': ({ name }) => `Enregistrer ${name}`,
  'lab.weights.use': 'Ouvrir dans Noms',
  'lab.weights.load': 'Ouvrir un fichier de poids dans Noms',
  'lab.weights.refused': ({ error }) => `Le moteur a refusé ce fichier : ${error}`,

  'lab.look': 'Voir dans le traducteur',
  'lab.look.lead':
    'Une phrase en chemin : l’encodeur lit l’anglais, et pour chaque mot français le décodeur regarde ce qui a été lu.',
  'lab.look.sentence': 'Une phrase anglaise à vous',
  'lab.look.about-small':
    'Un petit réseau, entraîné en quelques secondes sur 426 phrases d’environ 90 mots : bon sur des phrases comme celles-ci, mauvais sur d’autres.',
  'lab.look.about-full': 'Le réseau du traducteur de cette page, pour toute phrase anglaise.',
  'lab.look.networks': 'Réseau',
  'lab.look.full': ({ size }) => `Celui de la page (${size})`,
  'lab.look.fetching': ({ size }) => `Téléchargement du traducteur (${size}).`,
  'lab.look.failed': 'Le réseau n’a pas pu être téléchargé.',
  'lab.look.one': 'Une phrase à la fois, s’il vous plaît.',
  'lab.look.copied': 'Rien n’y est à traduire : le réseau ne la voit donc pas.',
  'lab.look.end': '(fin)',
  'lab.look.corner': 'Français',
  'lab.look.attention': 'Attention par mot',
  'lab.look.attention.about':
    'Où le décodeur regardait en écrivant chaque mot français, en pour cent : un mot en plusieurs morceaux regarde comme leur moyenne, et reçoit leur somme (Bahdanau et al. 2015).',
  'lab.look.attention.caption':
    'Attention en pour cent : les mots français vers le bas, les mots anglais en travers',
  'lab.look.steps': 'Portes et états',
  'lab.look.encoder': 'Encodeur',
  'lab.look.decoder': 'Décodeur',
  'lab.look.about.encoder':
    'Un GRU lit vers l’avant, un autre vers l’arrière, si bien que chaque état connaît ce qui entoure son mot (Schuster et Paliwal 1997) : les mots en travers, les unités vers le bas, côte à côte celles qui vont de même.',
  'lab.look.about.decoder':
    'Le GRU du décodeur part de là où l’encodeur finit, et chacun de ses états demande où regarder ensuite (Sutskever et al. 2014 ; Luong et al. 2015).',
  'lab.look.empty': 'Écrivez une phrase ci-dessus.',
  'lab.look.point': 'Survolez une case pour voir son nombre.',
  'lab.look.at': ({ array, unit, letter, value }) =>
    `${array}, unité ${unit}, après « ${letter} » : ${value}`,
  'lab.look.label': ({ array, name }) => `${array} pour « ${name} » : les flèches s’y déplacent`,
  'lab.look.table': 'Portes et états de chaque unité à chaque mot',
  'lab.scores': 'En quoi les trois scores diffèrent',
  'lab.scores.lead':
    'L’attention est un softmax sur les scores de l’état h du décodeur avec chaque état s de l’encodeur : ces trois petits réseaux ont appris les mêmes 426 phrases de la même graine et ne diffèrent que par le score.',
  'lab.scores.dot': 'Produit scalaire',
  'lab.scores.general': 'Général',
  'lab.scores.additive': 'Additif',
  'lab.scores.about.dot':
    'Rien à apprendre : h et s doivent d’eux-mêmes parler la même langue (Luong et al. 2015, « dot »).',
  'lab.scores.about.general':
    'Une matrice apprise W traduit s dans la langue de h avant le produit, une forme bilinéaire ; ici divisée par la racine de la largeur (Luong et al. 2015, « general » ; Vaswani et al. 2017).',
  'lab.scores.about.additive':
    'Un petit réseau à une couche cachée voit les deux et peut les peser comme aucun produit ne le peut (Bahdanau et al. 2015 ; « concat » dans Luong et al. 2015).',
  'lab.scores.caption': ({ name }) => `${name} : attention en pour cent`,
  'lab.scores.spread': ({ words }) => `Un mot regarde en moyenne ${words} mots (perplexité).`,
  'lab.scores.apart': ({ share }) =>
    `Le simple produit scalaire des mêmes états en met ${share} ailleurs.`,
  'lab.scores.plain': 'Le simple produit scalaire des mêmes états, en pour cent',
  'lab.scores.plain-about':
    'Personne n’a entraîné ceci : les états sont ceux du réseau ci-dessus, qui a appris avec son propre score ; ce qui diffère est donc l’œuvre des poids du score.',
};
