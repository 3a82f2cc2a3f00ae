// What friends tell each other in chats of many months: facts that can be asked for later, in much the same words as they were told in or in others.

export interface ChatFact {
  /** What another one asks before; empty when it is told unasked. */
  readonly lead: string;
  /** What is told; `{v}` is the value. */
  readonly say: string;
  /** How it is asked for later, in other words and in much the same; `{name}` told it. */
  readonly asks: readonly [other: string, alike: string];
  readonly values: readonly string[];
  /** Told several times with other values, each of which the answer needs. */
  readonly repeats?: true;
}

export interface ChatTopic {
  readonly facts: readonly ChatFact[];
  /** What is said on the topic without telling anything. */
  readonly chatter: readonly string[];
}

const fact = (lead: string, say: string, other: string, alike: string, values: string): ChatFact => ({
  lead,
  say,
  asks: [other, alike],
  values: values.split("|"),
});
const repeated = (...texts: Parameters<typeof fact>): ChatFact => ({ ...fact(...texts), repeats: true });

export const chatTopics: readonly ChatTopic[] = [
  {
    facts: [
      fact(
        "So who is the new one barking in the background?",
        "That's {v}! We picked him up from the shelter on Saturday and he has already chewed one slipper.",
        "What is the name of the dog that {name} adopted?",
        "Which dog did {name} pick up from the shelter?",
        "Biscuit|Waffles|Otto|Pepper|Domino",
      ),
      fact(
        "Did the vet find out what is wrong with the cat?",
        "Yes, it turns out to be {v}. She gets drops twice a day now and hates me for it.",
        "What illness does {name}'s cat have?",
        "What did it turn out {name}'s cat needs drops for?",
        "an ear infection|a thyroid problem|a food allergy|bad teeth",
      ),
      fact(
        "",
        "You won't believe it, the kids talked me into {v}. There is a tank in our hallway now.",
        "Which animals did {name}'s children want to keep?",
        "What is in the tank in {name}'s hallway?",
        "two axolotls|a corn snake|stick insects|a pair of geckos",
      ),
    ],
    chatter: [
      "Animals are so good for the mood, I could watch them all day.",
      "My neighbour's dog barks at every cat, every single morning.",
      "I keep thinking about a pet, but who would look after it when I am away?",
    ],
  },
  {
    facts: [
      fact(
        "How did it go with the company from the interview?",
        "They made me an offer! I'll be starting as {v} on the first of the month.",
        "What position was {name} hired for?",
        "As what is {name} starting on the first of the month?",
        "a data analyst|an events coordinator|a lab technician|a tram driver|a copy editor",
      ),
      fact(
        "",
        "Big news from the office: my boss is leaving, and {v} takes over the whole department.",
        "Who is becoming the new head of {name}'s department?",
        "Who takes over when {name}'s boss leaves?",
        "Mrs Lindqvist|Mr Adeyemi|Doctor Ferrante|Mrs Okonkwo",
      ),
      fact(
        "Are you still in that course in the evenings?",
        "Almost finished, the last exam is on {v}. After that I get my weekends back.",
        "When does {name} take the final test of the evening class?",
        "On which date is the last exam of {name}'s course?",
        "the 14th of June|the 3rd of March|the 22nd of November|the 9th of May",
      ),
      fact(
        "",
        "I asked for fewer hours and they said yes. From now on {v} is my day off.",
        "On which weekday does {name} no longer work?",
        "Which day off did {name} get after asking for fewer hours?",
        "Wednesday|Friday|Monday|Tuesday",
      ),
    ],
    chatter: [
      "Work has been a lot lately, I hardly leave the office before seven.",
      "Meetings, meetings, meetings. I had four today and learned nothing.",
      "I should really update my CV one of these days.",
    ],
  },
  {
    facts: [
      fact(
        "Where are you two going this summer?",
        "We booked {v} for two weeks in July. I have wanted to see it since school.",
        "Where is {name} spending the summer holidays?",
        "Where did {name} book two weeks in July?",
        "the Faroe Islands|Sardinia|the Azores|Slovenia|Cornwall",
      ),
      fact(
        "Was the place you stayed at any good?",
        "Lovely, we slept in {v} with a view of the whole bay. The breakfast alone was worth it.",
        "What kind of accommodation did {name} have on the trip to the coast?",
        "Where did {name} sleep with a view of the bay?",
        "an old lighthouse|a converted barn|a houseboat|a former monastery",
      ),
      repeated(
        "",
        "Another stamp in the passport: I was in {v} for a long weekend and walked until my feet hurt.",
        "Which cities has {name} visited on short breaks?",
        "Where was {name} for a long weekend of walking?",
        "Porto|Ghent|Krakow|Bergen|Valencia|Riga|Trieste",
      ),
      fact(
        "How was the journey home?",
        "A disaster. The train broke down and we sat for {v} in the middle of nowhere.",
        "How long was {name} stuck because of the railway breakdown?",
        "How long did {name} sit in the broken train?",
        "five hours|three and a half hours|a whole night|seven hours",
      ),
    ],
    chatter: [
      "I need a holiday from planning holidays.",
      "Trains are never on time any more, I gave up on booking connections.",
      "One day we should all travel somewhere together.",
    ],
  },
  {
    facts: [
      fact(
        "What are you making for the party?",
        "I settled on {v}, my grandmother's recipe. It takes two days but nobody ever leaves any.",
        "Which dish from the family cookbook is {name} preparing?",
        "Which recipe of {name}'s grandmother is made for the party?",
        "stuffed vine leaves|a walnut strudel|lamb with apricots|pickled herring salad",
      ),
      fact(
        "",
        "I can't join for the sushi, the doctor told me to avoid {v} until autumn.",
        "What is {name} not allowed to eat?",
        "What did the doctor tell {name} to avoid until autumn?",
        "shellfish|gluten|raw fish|soy|lactose",
      ),
      fact(
        "Have you been to the restaurant that opened at the corner?",
        "Twice already! Order {v}, everything else is average.",
        "What does {name} recommend at the new place to eat?",
        "What should one order at the restaurant that {name} went to twice?",
        "the pumpkin ravioli|the black lentil soup|the grilled octopus|the beetroot dumplings",
      ),
    ],
    chatter: [
      "I could eat pasta every day and nobody could stop me.",
      "Cooking for one is so sad, I end up with bread and cheese.",
      "We should have dinner soon, all of us, at mine.",
    ],
  },
  {
    facts: [
      fact(
        "What did the physio say about your knee?",
        "No running before {v}. Swimming is fine, so I bought goggles.",
        "Until when must {name} rest the injured leg from jogging?",
        "When may {name} start running again with that knee?",
        "Easter|the end of August|Christmas|mid October",
      ),
      fact(
        "Did you finish the race on Sunday?",
        "I did, in {v}! My legs are jelly but I am so proud.",
        "What time did {name} achieve in the half marathon?",
        "In what time did {name} finish the race?",
        "one hour fifty-two|two hours and four minutes|one hour forty-seven|two hours eleven",
      ),
      repeated(
        "",
        "I am trying something new again: I signed up for {v} with a friend from work.",
        "Which sports has {name} started?",
        "What new things did {name} sign up for with a friend from work?",
        "fencing|bouldering|rowing|archery|badminton|water polo",
      ),
      fact(
        "How are you sleeping these days?",
        "Much better since I stopped {v}. I wish I had known that ten years ago.",
        "What did {name} give up that improved the nights?",
        "What did {name} stop and has been sleeping better since?",
        "drinking coffee after lunch|reading news in bed|taking naps|eating late",
      ),
    ],
    chatter: [
      "My back hurts from sitting, I should move more.",
      "I admire people who run before breakfast.",
      "The gym was packed again, all the January people.",
    ],
  },
  {
    facts: [
      fact(
        "Any luck with the flat hunt?",
        "We signed! It is on {v}, third floor, and the kitchen gets the morning sun.",
        "In which street is {name}'s new apartment?",
        "Where is the flat that {name} signed for, on the third floor?",
        "Tanner's Row|Linden Alley|Quarry Lane|Bellfounder Street",
      ),
      fact(
        "",
        "The kitchen is finally painted. We went for {v} in the end, and it looks better than on the tin.",
        "Which colour did {name} choose for the walls?",
        "What colour is {name}'s kitchen painted?",
        "sage green|terracotta|a pale mustard|dusty blue",
      ),
      fact(
        "What does the heating man say?",
        "The whole boiler has to go. He wants {v} for a new one, without the pipes.",
        "How much will {name} pay to replace the heater?",
        "What does the heating man want from {name} for a new boiler?",
        "3,400 euros|5,150 euros|2,900 euros|4,700 euros",
      ),
      fact(
        "",
        "Our neighbour upstairs is moving out, so we get {v} as well. Finally room for the bikes.",
        "What extra space does {name} get in the building?",
        "What does {name} get from the neighbour upstairs who is moving out?",
        "the attic|her cellar|the garage|the shed in the yard",
      ),
    ],
    chatter: [
      "Moving is the worst, I still have boxes from the last time.",
      "Rents are going through the roof in our street.",
      "I painted one wall and now all others look grey.",
    ],
  },
  {
    facts: [
      fact(
        "Is your sister still planning the big day?",
        "They changed everything, now they marry at {v} and only invite thirty people.",
        "Where does the wedding of {name}'s sister take place?",
        "Where will {name}'s sister marry with thirty people?",
        "the botanical garden|the old mill|a vineyard|the town library",
      ),
      fact(
        "",
        "We know it now: it's going to be a {v}! My mum is knitting already.",
        "Is {name} expecting a boy or a girl?",
        "Is it going to be a boy or a girl for {name}, whose mum is knitting?",
        "girl|boy",
      ),
      fact(
        "What did you get your dad for his seventieth?",
        "We all put money together for {v}. He pretended to be angry and then cried.",
        "Which present did {name}'s father receive on the birthday?",
        "What did {name} and the others put money together for as a present for dad?",
        "a telescope|a balloon ride|a rowing machine|a restored radio",
      ),
      fact(
        "How is your grandmother doing after the fall?",
        "Stubborn as ever. She moved in with {v} and already reorganised the kitchen.",
        "With whom does {name}'s grandma live now?",
        "Who did {name}'s grandmother move in with?",
        "my aunt Rosa|my cousin Emil|my parents|my uncle Petros",
      ),
    ],
    chatter: [
      "Family dinners always end in a discussion about parking.",
      "My mother calls every day at eight, you can set the clock by it.",
      "Children grow so fast, it's almost scary.",
    ],
  },
  {
    facts: [
      repeated(
        "",
        "I couldn't put it down: {v} kept me up until three last night.",
        "Which books did {name} read?",
        "Which books kept {name} up until three at night?",
        "The Salt Path|Piranesi|The Overstory|Stoner|Middlemarch|The Dry",
      ),
      fact(
        "What instrument was that in the video?",
        "A {v}! I have been taking lessons since spring, please be kind.",
        "What is {name} learning to play?",
        "Which instrument has {name} been taking lessons in since spring?",
        "cello|mandolin|theremin|clarinet|hurdy-gurdy",
      ),
      fact(
        "Do you still have a ticket left for the concert?",
        "Sorry, I gave it to {v} yesterday. But the second show still has seats.",
        "Who got the spare concert ticket from {name}?",
        "Who did {name} give the ticket for the concert to?",
        "my dentist|Karla from the choir|my brother-in-law|the girl next door",
      ),
      fact(
        "",
        "I entered my photos in the competition, the series about {v}. Fingers crossed!",
        "What do the pictures show that {name} submitted to the contest?",
        "Which series of photos did {name} enter in the competition?",
        "abandoned petrol stations|night markets|ferry crews|beekeepers",
      ),
    ],
    chatter: [
      "I have so many unread books that the shelf is bending.",
      "There was music in the park yesterday and everybody danced.",
      "I never know what to watch, I scroll for an hour and go to bed.",
    ],
  },
  {
    facts: [
      fact(
        "Is the old car still alive?",
        "It died on the motorway. I'm getting {v} next week, second hand but shiny.",
        "What vehicle does {name} buy as a replacement?",
        "What is {name} getting after the old car died on the motorway?",
        "an electric van|a cargo bike|a yellow hatchback|a scooter",
      ),
      fact(
        "",
        "Somebody took my bike from the station. The police want the frame number, which is {v}, luckily I had a photo.",
        "What is the frame number of {name}'s stolen bicycle?",
        "Which frame number did the police want from {name}?",
        "WTK-20917|HN 48833|BX-7716-K|RT 30559",
      ),
      fact(
        "How is driving school going?",
        "I failed again, because of {v}. Third time lucky, I hope.",
        "Why didn't {name} pass the driving test?",
        "Because of what did {name} fail at driving school again?",
        "a missed stop sign|parking on a hill|going too slowly|a forgotten mirror",
      ),
    ],
    chatter: [
      "Parking in this town is a competitive sport.",
      "I cycle in any weather now, rain is just water.",
      "Petrol prices again, it's all anyone talks about.",
    ],
  },
  {
    facts: [
      fact(
        "What are you growing on the balcony this year?",
        "Only {v}, everything else got eaten by snails. At least those love me.",
        "What does {name} plant outside the window?",
        "What is {name} growing on the balcony this year?",
        "chillies|sweet peas|runner beans|lavender",
      ),
      fact(
        "",
        "The allotment people called: after four years of waiting we got {v}. I own a wheelbarrow now.",
        "Which garden plot was assigned to {name}?",
        "What did {name} get after four years of waiting for an allotment?",
        "plot 17|plot 42|number 8|number 63",
      ),
      fact(
        "Did the tree survive the storm?",
        "No, it fell right onto {v}. Nobody hurt, but the insurance wants pictures.",
        "What was damaged at {name}'s home by the storm?",
        "What did the tree at {name}'s place fall onto?",
        "the greenhouse|our fence|the neighbour's carport|the trampoline",
      ),
    ],
    chatter: [
      "I talk to my plants, and they answer by dying.",
      "The weather can't decide, yesterday snow and today T-shirts.",
      "Everything in the park is in bloom, my nose knows it.",
    ],
  },
  {
    facts: [
      fact(
        "How much did you raise at the bake sale?",
        "A grand total of {v}! All of it goes to the hospice.",
        "What amount did {name} collect for charity?",
        "How much did {name} raise at the bake sale for the hospice?",
        "612 euros|1,085 euros|940 euros|377 euros",
      ),
      fact(
        "",
        "I'm at the food bank every {v} now. They were short of drivers, and it feels good to be useful.",
        "On which day does {name} volunteer?",
        "When is {name} at the food bank as a driver?",
        "Thursday evening|Sunday morning|second Saturday|Tuesday afternoon",
      ),
      fact(
        "Who is going to run the club next year?",
        "They elected me, can you imagine, with {v} votes. I only went for the cake.",
        "By how many votes did {name} become chair of the association?",
        "With how many votes was {name} elected to run the club?",
        "31|58|44|27",
      ),
    ],
    chatter: [
      "People can be so kind when you give them the chance.",
      "The street festival needs helpers again, as every year.",
      "I donated all my winter coats, I hope it stays warm.",
    ],
  },
  {
    facts: [
      fact(
        "Why is your phone always off?",
        "It fell into {v} on Friday. Write to my work number until I get another.",
        "How did {name}'s mobile break?",
        "What did {name}'s phone fall into?",
        "the washing-up|a fondue|the harbour|wet cement",
      ),
      fact(
        "",
        "In case you come by: the code for the front door is {v}, the bell is broken.",
        "Which code opens the entrance at {name}'s house?",
        "What is the code for the front door of {name}, whose bell is broken?",
        "4471#|80 26 13|9035*|1768#",
      ),
      fact(
        "Which tablet did you get for drawing?",
        "I took the {v}, the shop assistant uses it too. The pen is great.",
        "Which device does {name} use for digital sketches?",
        "Which tablet with a pen did {name} take on the shop assistant's advice?",
        "Arvo 11|Lumen Pad Mini|Sketchbook S4|Kestrel X",
      ),
    ],
    chatter: [
      "Technology hates me, I updated and everything is gone.",
      "I spend far too much time on my phone.",
      "Passwords will be the end of me.",
    ],
  },
];

/** Said at the beginning of a session; `{other}` is spoken to. */
export const openers: readonly string[] = [
  "Hey {other}, long time no see! What have you been up to?",
  "Good morning everyone, how was your week?",
  "Hi {other}! I was just thinking about you. Anything new?",
  "Hello hello, is anybody awake?",
  "Finally a quiet evening. How are things, {other}?",
  "Hey! Sorry that I didn't write back, it has been crazy here.",
];

/** Said after something was told. */
export const reactions: readonly string[] = [
  "Oh wow, that's great, I am really happy for you!",
  "Haha, that is so you. I can picture it.",
  "No way! Tell me more when we meet.",
  "Oh no, I'm sorry to hear that. Is there anything I can do?",
  "Sounds wonderful, {other}. You deserve it.",
  "Interesting, I wouldn't have expected that.",
  "Good for you! I could never decide that quickly.",
  "That reminds me of last year, remember?",
  "I knew it! I said so from the start.",
  "Amazing. Send a picture, please.",
  "Really? My cousin went through exactly the same thing.",
  "Take it easy, {other}, and let me know how it goes.",
];

/** Said to keep a chat going. */
export const remarks: readonly string[] = [
  "Thanks, {other}, that means a lot to me.",
  "Yes, it was about time. I still can't quite believe it.",
  "I know, right? Everybody says the same.",
  "We'll see how it turns out. One day at a time.",
  "True. Anyway, how about you, what is going on at your end?",
  "I'll tell you everything over a coffee next week.",
  "It's not a big thing, but it makes me smile.",
  "Let's talk about something nicer, shall we?",
  "You are right, I should worry less.",
  "Honestly, I needed some good news after this month.",
];
