// What friends tell each other in chats of many months: facts that can be asked for later, in much the same words as they were told in or in others.
import { type ChatTopic, fact, repeated } from "./chat-fact.ts";
import { topicsAtHome } from "./chat-topics-at-home.ts";

export const chatTopics: readonly ChatTopic[] = [
  ...topicsAtHome,
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
