// What friends tell each other in chats of many months: facts that can be asked for later, in much the same words as they were told in or in others. Of the home and the family.
import { type ChatTopic, fact, repeated } from "./chat-fact.ts";

export const topicsAtHome: readonly ChatTopic[] = [
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
];
