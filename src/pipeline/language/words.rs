//! Words that give a language away where letters cannot: greetings, short answers, function words and
//! dialects. As people type them, with and without accents; a word may stand for several languages.

/// A language's code and its words, parted by white space.
pub const FAMILIAR: &[(&str, &str)] = &[
    (
        "de",
        "und der die das ich nicht ist ein eine einen einem einer mit von für auf wir sie ihr ihre ihren mein meine
        meinen meiner auch noch aber wie wann warum wieso weshalb wo wer bei zum zur dem den des sich habe haben hatte
        hat kann können könnte wird werden wurde bitte danke dankeschön vielen dank hallo moin servus grüezi gruß grüße
        tag guten morgen abend ja nein ok okay passt klar alles gut schon nur nach seit bin sind war doch mal jetzt
        heute morgen gestern keine kein keinen uns euch mir mich dir sehr geehrte geehrter damen herren super prima
        perfekt erledigt anbei siehe anhang rückruf rechnung vertrag kündigung zählerstand strom wohnung umzug
        isch ned net koa mei oida hob griaß gruezi mitenand zäme nöd hoi öppis händ chönd hän gsi wänn nomol scho
        dös a bissl wat dat kost denn nich nix heff noch icke ick dit keene jut tach tschüss tschau servas merci vielmal
        hammer hamma homma gell eppes mer ebbes ois oiso sali ade uff test",
    ),
    (
        "en",
        "the and you your is are was were have has had this that with from for not but can could would will shall my me i
        im ive we our us they it its of to in on at by please thanks thank cheers hello hi hey dear sir madam yes no ok
        okay cancel refund urgent asap done sorted thx ty ta any when where what why how who which do does did don
        still again need want get got about been there here account bill invoice meter reading contract address moving
        moved great sounds good sorry regards help update news just like test",
    ),
    (
        "fr",
        "le la les un une des du de et je tu il elle nous vous ils est sont pas ne que qui mon ma mes votre vos notre
        pour avec dans sur par plus très mais où quand comment pourquoi bonjour bonsoir salut merci beaucoup oui non
        svp d l j c n m accord ai avez suis être fait facture contrat résiliation déménage compteur relevé
        cordialement madame monsieur ça va bien cela cette ce coucou voici",
    ),
    (
        "nl",
        "de het een en ik je jij u uw mijn wij we ons onze zij ze is zijn was niet geen van voor met op aan bij naar maar
        ook nog wel dat dit die deze wat waar wanneer waarom hoe wie heb heeft hebben kan kunt kunnen wil graag bedankt
        dank dankjewel dankuwel hallo hoi goedemorgen goedemiddag goedenavond goedendag goeiedag dag ja nee oké prima
        alvast factuur meterstand opzeggen opzegging verhuizen verhuis verhuisd contract rekening beste geachte heer
        mevrouw groet groeten amai gij ge kunde zeg eens er te om als al toch",
    ),
    (
        "pl",
        "i w z na do nie się sie to jest są jestem mam mi mnie mój moja moje moj czy jak kiedy gdzie dlaczego co kto po
        od dla za o ale że ze już juz jeszcze proszę prosze dziękuję dziekuje dzięki dzieki dzień dzien dobry witam
        cześć czesc tak pozdrawiam pan pani państwo panstwo państwa umowa umowę umowy faktura fakturę faktury licznik
        licznika prąd pradu mieszkanie przeprowadzam dobrze bardzo został została będzie proszę wypowiedzenie",
    ),
    (
        "tr",
        "ve bir bu şu o için icin ile de da ne nasıl nasil neden niçin zaman nerede mi mı mu mü var yok değil degil ben
        bana benim biz size sizin çok cok ama daha gibi kadar evet hayır hayir tamam merhaba selam selamlar teşekkür
        tesekkur teşekkürler tesekkurler ederim sağol sagol sağolun günler gunler iyi günaydın gunaydin lütfen lutfen
        fatura faturam faturamı faturami sözleşme sayaç sayac elektrik adres adresim istiyorum saygılarımla kolay gelsin
        rica olur oldu hala henüz",
    ),
    (
        "it",
        "il lo la gli le un una di del della dei delle che non è sono e ho hai ha abbiamo mi mia mio miei vostra vostro
        per con da dal nel nella su più ma anche come quando dove perché perche quanto buongiorno buonasera salve ciao
        grazie mille prego sì si no bolletta fattura disdetta contratto contatore lettura trasloco va bene accordo
        cordiali saluti gentile gentili spett ancora vorrei posso casa questo questa d",
    ),
    (
        "es",
        "el la los las un una unos de del que y no es son en con por para mi mis su sus me se lo le nos pero más mas
        también tambien como cómo cuando cuándo donde dónde porque qué hola buenos buenas días dias tardes noches
        gracias muchas muchísimas sí si vale factura contrato contador lectura baja mudo mudanza luz tengo he ha hemos
        quiero quisiera puede pueden favor saludos estimado estimada estimados acuerdo está esta ya aún aun",
    ),
];
