//! What the most frequent French, Dutch, Polish, Turkish, Italian and Spanish words say about the tone of a
//! text. Accents may be left off, as people do.

use super::lexicon::Lexicon;

pub const FRENCH: Lexicon = Lexicon {
    very_negative: "
        scandaleu*, honteu*, honte, inadmissible*, inacceptable*, intolérable*, insupportable*, lamentable*,
        catastroph*, désastreu*, horrible*, affreu*, épouvantable*, pitoyable*, minable*, ridicule*,
        arnaque*, escroc*, escroquerie, voleur*, menteur*, mensonge*, furieu*, en colère, colère,
        scandalisé*, outré*, indigné*, révolté*, ras le bol, marre, j'en ai assez, exaspér*,
        foutage de gueule, se foutre de, moquez vous, vous vous moquez, se moque de, incompéten*,
        incapable*, avocat*, tribunal, justice, porter plainte, plainte, ufc, que choisir, médiateur,
        association de consommateurs, 60 millions, plus jamais, le pire, pire, nul, nulle, nuls, nullissime,
        merde, putain, con, connard, menace*, mise en demeure, peur, angoiss*, désespér*,
        ne sais plus quoi faire, à bout, inhumain*, dégoût*, fuyez, à fuir, c'est une blague, une blague,
        c'est n'importe quoi, n'importe quoi, de qui se moque",
    negative: "
        déçu*, déception, décevant*, mécontent*, insatisf*, pas content*, pas satisfait*, énerv*, agac*,
        irrit*, frustr*, fâché*, triste*, mauvais*, très mal, mal reçu*, désagréable*, impoli*, malpoli*,
        irrespectueu*, inquiet*, inquiète*, inquiétude*, stress*, sans nouvelles, aucune nouvelle,
        aucune réponse, aucun retour, sans réponse, toujours aucune, toujours rien, toujours pas,
        personne ne répond, personne ne me, jamais de réponse, jamais répondu, jamais rappelé, injoignable*,
        depuis des semaines, depuis des mois, depuis # semaines, depuis # mois, # fois, # ème fois, énième,
        encore une fois, à plusieurs reprises, plusieurs fois, malgré mes, malgré plusieurs,
        j'attends depuis, attends toujours, attendu toute, perte de temps, perdu mon temps, trop cher,
        exorbitant*, abusi*, abus, injuste*, injustifi*, inexplicable*, incompréhensible*, pas normal,
        anormal*, réclamation formelle, je me plains, exige, j'exige, immédiatement,
        combien de temps encore, quand allez vous enfin, remboursez moi, regrett*, déconseill*,
        ne recommande pas, honnêtement déçu, coupure de courant, coupé mon, couper l'électricité, couper mon",
    mildly_negative: "
        encore, malheureusement pas, long, trop long, trop longtemps, lent*, compliqué*, difficile*,
        bizarre*, surpris*, étonn*, étrange*, sans explication, pas clair, confus*, retard*, en panne,
        cassé*, perdu*, doubl*, deux fois, prélevé deux, enfin, dès que possible, ne comprends pas",
    slightly_negative: "
        malheureusement, problème*, erreur*, faux, incorrect*, ne marche pas, ne fonctionne pas, urgent*,
        réclamation*, mais, panne, relance*, dommage",
    very_positive: "
        excellent*, parfait*, génial*, formidable*, fantastique*, merveilleu*, remarquable*, impeccable*,
        exceptionnel*, extraordinaire*, au top, bravo à, félicitations, mille mercis, mille merci,
        un grand merci, grand merci, merci infiniment, très satisfait*, ravi*, enchanté de votre,
        je recommande, recommande vivement, recommander, continuez ainsi, super service, meilleur service,
        chapeau",
    positive: "
        super, satisfait*, content*, heureu*, reconnaissant*, soulagé*, aimable*, gentil*, gentillesse,
        sympathique*, sympa, professionnel*, efficace*, efficacité, compétent*, réactif*, réactivité,
        à l'écoute, rapide*, rapidité, très bien, très bon*, bon travail, bon service,
        merci beaucoup pour votre aide, merci pour votre rapidité, merci pour tout, tout fonctionne,
        ça marche, ça fonctionne, tout est réglé, problème résolu, résolu*, agréable*, plaisir de, facile,
        qualité, bravo, top",
    mildly_positive: "
        bien, bon, bonne, utile, clair, merci beaucoup, merci encore, vite, apprécie*",
    sarcastic: "
        merci pour rien, bravo pour, bravo le service, merci bien, félicitations pour, quel service,
        beau service, belle mentalité, super bravo, ah bravo, quelle surprise, comme d'habitude,
        comme par hasard, appelez ça, appelle ça",
    neutral: "
        bonne journée, bonne soirée, bonne fin, bonne réception, bonne année, bon week end, bon weekend,
        bien cordialement, bien à vous, bien reçu, bien vouloir, bien noté, aussi bien, ou bien,
        merci d'avance, merci par avance, vous remercie par avance, merci de, merci pour votre réponse,
        merci pour votre aide, merci beaucoup d'avance, dans l'attente, serais reconnaissant*, vous serais,
        seriez aimable, aurez l'amabilité, aimable attention, heureux de, plus rapide, le plus rapidement,
        rapidement possible, une réponse rapide, réponse rapide, pas de problème, aucun problème,
        sans problème, pas urgent, mais aussi, bon de, bonne adresse, bon numéro, pour encore, encore merci,
        vol paris, conseil*, content d'être",
    thanks: "
        merci, remercie, vous remercie, remerciements",
    negators: "
        pas, ne, n, non, jamais, sans, aucun, aucune, rien, ni, peu, guère",
    intensifiers: "
        très, vraiment, trop, tellement, extrêmement, absolument, complètement, totalement,
        particulièrement, plus que",
    sarcasm_openers: "
        super, bravo, génial, parfait, merci, félicitations, formidable, magnifique, excellent, top, chapeau",
};

pub const DUTCH: Lexicon = Lexicon {
    very_negative: "
        schande*, schandalig*, belachelijk*, bespottelijk*, onacceptabel*, onaanvaardbaar*, ongehoord*,
        ongelofelijk*, ongelooflijk*, waardeloos*, waardeloze, verschrikkelijk*, vreselijk*, afschuwelijk*,
        dramatisch*, drama, rampzalig*, ramp, schaamteloos*, schaam*, woedend*, woest, boos, razend*, kwaad,
        spuugzat, zat, helemaal klaar mee, klaar mee, beu, kotsbeu, oplicht*, bedrog, bedrieg*, diefstal,
        dieven, leugen*, gelogen, incompetent*, onbekwaam*, prutser*, klote*, kut*, shit, verdomme,
        godverdomme, advocaat, juridische stappen, gerecht*, rechter, rechtszaak, geschillencommissie,
        consumentenbond, acm, kassa, radar, aangifte, ingebrekestelling, in gebreke, nooit meer, nooit weer,
        slechtste, het ergste, erger, minachting, bang, angst*, wanhop*, radeloos, paniek, ten einde raad,
        huilen, dreig*, afgesloten worden, in de kou, grap, is dit een grap, te gek voor woorden,
        slaat nergens op, genoeg van",
    negative: "
        teleurgesteld*, teleurstell*, ontevreden, niet tevreden, niet blij, boosheid, geïrriteerd*,
        irritant*, ergernis, erger mij, gefrustreerd*, frustr*, slecht*, onbeschoft*, onvriendelijk*,
        onbeleefd*, respectloos*, klantonvriendelijk*, onprofessioneel*, schandelijk*, verdrietig, zorgen,
        bezorgd*, ongerust*, stress*, nog steeds geen, nog steeds niet, nog altijd geen, nog altijd niet,
        nog steeds niets, geen enkele, geen reactie, geen antwoord, nooit antwoord, niemand reageert,
        niemand belt, niemand neemt op, niemand, genegeerd*, negeren, wekenlang, maandenlang, al weken,
        al maanden, al # weken, al # maanden, # keer, # e keer, voor de # keer, zoveelste, tigste,
        herhaaldelijk, meerdere keren, meermaals, keer op keer, steeds weer, alweer, weeral,
        hele dag gewacht, voor niets gewacht, niet komen opdagen, niet opgedaagd, van het kastje, wachtrij,
        in de wacht, uren gewacht, tijdverspilling, veel te hoog, veel te duur, veel te lang,
        belachelijk hoog, oneerlijk*, onterecht*, onbegrijpelijk*, onredelijk*, klacht indienen,
        wil een klacht, dien ik een klacht, eis, ik eis, sommeer, onmiddellijk, hoe lang nog,
        wanneer krijg ik eindelijk, eindelijk eens, spijt, niet aan te raden, raad niemand,
        overstappen naar een ander, stap over, zonder toestemming, zonder bericht, schokkend, geschrokken,
        verbijsterd*, onbereikbaar*, sukkels",
    mildly_negative: "
        nog steeds, wederom, opnieuw, weer niet, te lang, te hoog, te duur, ingewikkeld*, moeilijk*,
        vreemd*, raar, onduidelijk*, verward*, verbaasd*, traag, langzaam, kapot, kwijt, dubbel, te laat,
        vertraging, eindelijk, snap niet, begrijp niet, zo snel mogelijk antwoord",
    slightly_negative: "
        helaas, probleem*, problemen, fout*, onjuist*, klopt niet, werkt niet, doet het niet, dringend*,
        spoed, klacht*, maar, storing, jammer, aanmaning",
    very_positive: "
        uitstekend*, fantastisch*, geweldig*, perfect*, super service, uitmuntend*, voortreffelijk*,
        subliem, top service, toppers, topservice, topper, ontzettend bedankt, heel erg bedankt,
        duizendmaal dank, hartelijk dank voor de snelle, enorm bedankt, heel tevreden, zeer tevreden,
        erg tevreden, erg blij, heel blij, super blij, aanrader, aan te raden, ga zo door, complimenten,
        compliment, petje af, chapeau, hulde",
    positive: "
        super, tevreden, blij, dankbaar*, opgelucht, vriendelijk*, aardig*, behulpzaam*, deskundig*,
        professioneel*, snelle reactie, snelle hulp, snelle afhandeling, vlotte, vlot, heel snel,
        goed geholpen, netjes opgelost, netjes, goede service, goed werk, erg goed, heel goed, werkt weer,
        alles werkt, opgelost, prettig*, fijn, fijne hulp, top, prima service, lief, mooi, soepel,
        bedankt voor de snelle, bedankt voor de goede, dank voor de snelle, wilde bedanken,
        wil graag bedanken, even bedanken",
    mildly_positive: "
        goed, goede, prima, snel, leuk, handig, duidelijk, geholpen, waardeer*",
    sarcastic: "
        bedankt voor niets, dank voor niets, bedankt hoor, lekker dan, fijn hoor, mooi hoor, nou fijn,
        nou lekker, goed bezig, wat een service, leuk hoor, gefeliciteerd, noem je dat service,
        dat noemen jullie, zo klantvriendelijk, mooie boel, lekker bezig",
    neutral: "
        goedemorgen, goedemiddag, goedenavond, goede dag, goede middag, goedendag, fijne dag, fijne avond,
        fijn weekend, fijne feestdagen, prettige dag, prettig weekend, prettige avond, vriendelijke groet,
        vriendelijke groeten, met vriendelijke, vriendelijk verzoek*, verzoek ik u vriendelijk,
        vriendelijk bedankt, alvast bedankt, bij voorbaat dank, bij voorbaat hartelijk,
        alvast hartelijk dank, alvast dank, bedankt voor uw reactie, dank voor uw reactie,
        bedankt voor je reactie, zou fijn zijn, fijn zijn, zou mooi zijn, graag een snelle,
        snelle reactie zou, een snelle reactie, zo snel mogelijk, snel mogelijk, geen probleem, geen haast,
        goed ontvangen, beste, maar ook, wil graag, hoor graag, hoe lang duurt, hoe lang, lang duurt,
        zolang, zorg*",
    thanks: "
        bedankt, dank, dank u, dank je, dankjewel, dank u wel, hartelijk dank",
    negators: "
        niet, geen, nooit, zonder, nauwelijks, noch, weinig, allesbehalve",
    intensifiers: "
        heel, zeer, erg, echt, enorm, ontzettend, super, zo, totaal, volkomen, absoluut, ontiegelijk,
        veel te",
    sarcasm_openers: "
        fijn, mooi, lekker, super, top, geweldig, prima, bedankt, goed zo, fantastisch, gefeliciteerd, goh,
        bravo",
};

pub const POLISH: Lexicon = Lexicon {
    very_negative: "
        skandal*, oburz*, żenad*, żenujące*, żenująca, wstyd, hańba, kpina, kpiny, kpić, niedopuszczaln*,
        nieakceptowaln*, nie do przyjęcia, karygodn*, koszmar*, tragedi*, tragiczn*, fatal*, beznadziej*,
        okropn*, straszn*, najgorsz*, masakra, dramat, wściek*, zdenerwowan*, wkurz*, wkurw*, kurwa,
        cholera, cholern*, gówno, chamst*, bezczeln*, arogan*, oszust*, oszuka*, oszukuj*, złodziej*,
        kradzież, naciąga*, kłam*, niekompeten*, idioci, idiot*, debil*, mam dość, mam dosyć, dość tego,
        miarka się, cierpliwość się, nigdy więcej, prawnik*, prawnika, adwokat*, sąd, sądu, do sądu,
        drogę sądową, uokik, rzecznik*, policj*, prokuratur*, pozew, boję się, strach, przeraż*, rozpacz*,
        zrozpaczon*, jestem załaman*, nie wiem co robić, groźb*, grozicie, śmieszne, śmiech na sali,
        absurd*, paranoja, ignoruj*, ignorowan*, lekceważ*, odetną, odcięcie prądu, odłączenie prądu",
    negative: "
        rozczarowan*, zawiedzion*, zawód, niezadowolon*, niezadowoleni*, nie jestem zadowolon*, zły, zła,
        zirytowan*, irytu*, frustr*, denerwuj*, przykro, przykre, smutn*, niegrzeczn*, nieuprzejm*, niemił*,
        nieprofesjonaln*, niesprawiedliw*, nieuczciw*, bezprawn*, martwię się, niepokoj*, obawiam się,
        stres*, nadal nie, wciąż nie, dalej nie, nadal brak, wciąż brak, żadnej odpowiedzi, brak odpowiedzi,
        bez odpowiedzi, żadnego kontaktu, nikt nie odpowiada, nikt nie odbiera, nikt się, nikt nie,
        nie odbiera, od tygodni, od miesięcy, od # tygodni, od # miesięcy, po raz kolejny, kolejny raz,
        po raz #, # raz, # razy, wielokrotnie, kilkukrotnie, kilka razy, ciągle, znowu, znów, ile można,
        jak długo jeszcze, kiedy wreszcie, kiedy w końcu, wreszcie, straciłem cały, stracona, strata czasu,
        czekam od, czekam już, czekałem cały, nie przyszedł, nie pojawił, za drogo, zawyżon*, niezrozumiał*,
        niezgodn*, żądam, domagam się, natychmiast*, składam skargę, skarga, skargę, nie polecam, odradzam,
        żałuję, zmienię dostawcę, rezygnuję z waszych, bez mojej zgody, bez uprzedzenia, szok*, zszokowan*,
        tak dalej być nie może",
    mildly_negative: "
        nadal, wciąż, ponownie, za wysok*, za długo, zbyt długo, trudn*, skomplikowan*, dziwn*, niejasn*,
        powoln*, opóźnien*, zepsut*, uszkodzon*, zgubi*, podwójnie, dwukrotnie, zdziwion*, zaskoczon*,
        nie rozumiem, w końcu",
    slightly_negative: "
        niestety, problem*, błąd*, błęd*, nieprawidłow*, nie działa, pilne, pilnie, reklamacj*, ale, awari*,
        szkoda, brak, upomnien*",
    very_positive: "
        doskonał*, wspaniał*, rewelacyjn*, rewelacja, fantastyczn*, świetn*, znakomit*, perfekcyjn*,
        cudown*, genialn*, bardzo zadowolon*, serdecznie dziękuję za, bardzo dziękuję za szybk*,
        ogromne podziękowania, wielkie dzięki, wielkie podziękowania, polecam, gorąco polecam, najlepsz*,
        brawo dla, tak trzymać, gratulacje dla",
    positive: "
        super, zadowolon*, szczęśliw*, wdzięczn*, cieszę się, miło, mił*, uprzejm*, pomocn*, profesjonaln*,
        kompeten*, sprawnie, szybka pomoc, szybką pomoc, szybką odpowiedź, szybka reakcja, błyskawiczn*,
        bardzo dobr*, dobra robota, wszystko działa, już działa, działa już, udało się, rozwiązan*,
        sympatyczn*, przyjemn*, pochwał*, dziękuję za pomoc, dziękuję za szybk*, chciałem podziękować,
        chciałam podziękować, chciałbym podziękować, chciałabym podziękować, podziękować",
    mildly_positive: "
        dobrze, dobr*, szybko, jasne, przydatn*, bardzo dziękuję, doceniam, pomógł, pomogła",
    sarcastic: "
        dziękuję za nic, dzięki za nic, brawo wy, no brawo, no pięknie, no super, świetna robota naprawdę,
        gratuluję, gratulacje, pogratulować, ładnie tak, tak się traktuje, jak zwykle",
    neutral: "
        dzień dobry, dobry wieczór, dobry dzień, miłego dnia, miłego weekendu, miłego wieczoru,
        dobrego dnia, z góry dziękuję, z góry bardzo dziękuję, dziękuję z góry, z poważaniem,
        pozdrawiam serdecznie, dziękuję za odpowiedź, dziękuję za informację, będę wdzięczn*,
        byłbym wdzięczn*, byłabym wdzięczn*, uprzejmie proszę, uprzejmie, proszę uprzejmie, bardzo proszę,
        jak najszybciej, możliwie szybko, o szybką odpowiedź, szybką odpowiedź proszę, nie ma problemu,
        bez problemu, bez pośpiechu, ale także, miło mi, rzecznika prasowego, # razy w roku",
    thanks: "
        dziękuję, dzięki, dziękujemy, podziękowania",
    negators: "
        nie, bez, nigdy, żaden, żadna, ani, wcale, mało, ledwo",
    intensifiers: "
        bardzo, naprawdę, tak, zbyt, strasznie, niezwykle, całkowicie, absolutnie, totalnie, wyjątkowo, mega",
    sarcasm_openers: "
        super, świetnie, brawo, gratulacje, dziękuję, dzięki, pięknie, wspaniale, fantastycznie, rewelacja,
        no tak",
};

pub const TURKISH: Lexicon = Lexicon {
    very_negative: "
        rezalet*, rezil*, skandal*, utanç*, utanın, utanmaz*, ayıp, kabul edilemez*, kabul etmiyorum,
        berbat*, korkunç*, felaket*, iğrenç*, saçmalık, saçma*, saçmalıyor, sinir*, öfke*, kızgın*, çıldır*,
        delir*, bıktım, bıktık, yeter artık, yeter, canıma tak, tahammül*, sabrım, dolandır*, sahtekar*,
        hırsız*, soygun, soyuyor, yalan*, kandır*, aldat*, beceriksiz*, sorumsuz*, saygısız*, terbiyesiz*,
        lanet*, aptal*, avukat*, mahkeme*, dava, davacı, savcılık*, tüketici hakları, tüketici hakem*,
        tüketici mahkemesi, şikayetvar, polis, bir daha asla, asla, en kötü, en kötüsü, korkuyorum, korku*,
        endişe*, çaresiz*, panik, ağlıyorum, perişan*, mağdur*, mağduriyet*, tehdit*, kesilecek diye,
        elektriğim kesilirse, dalga mı, dalga geç*, şaka mı, alay, utanmadan, vicdansız*, insafsız*",
    negative: "
        hayal kırıklığı*, memnun değil*, memnuniyetsiz*, mutsuz*, üzgün*, üzücü, üzüldüm, kötü*, kaba,
        ilgisiz*, ilgilenmiyor*, ilgilenen yok, umursa*, stres*, hala cevap, hala yanıt, hala gelmedi,
        hala çözülmedi, hala düzel*, hala bekliyorum, halen bekliyorum, kimse cevap, kimse açmıyor,
        kimse dönmüyor, kimse dönüş, kimse ilgilen*, kimse, cevap vermiyor*, cevap alamadım,
        cevap alamıyorum, yanıt alamadım, dönüş yapılmadı, geri dönüş yok, ulaşamıyorum, haftalardır,
        aylardır, günlerdir, saatlerce, # haftadır, # aydır, # gündür, # kez, # defa, # kere, kaç kere,
        kaç kez, kaç defa, defalarca, sürekli, tekrar tekrar, bıktırdı*, ne zaman çözülecek, daha ne kadar,
        boşuna, boş yere, zaman kaybı, çok pahalı, çok yüksek, fahiş*, haksız*, haksızlık, mantıksız*,
        anlaşılmaz, habersiz*, bilgim olmadan, iznim olmadan, onayım olmadan, talep ediyorum derhal, derhal,
        acilen, şikayet ediyorum, şikayetçiyim, şikayetim var, pişman*, tavsiye etmiyorum, tavsiye etmem,
        önermem, şok, şaşkın*, inanamıyorum, inanılmaz",
    mildly_negative: "
        hala, henüz, geç, gecikme*, yavaş*, karışık*, garip*, belirsiz*, bozuk*, kayıp, kayboldu, iki kere,
        iki kez, fazladan, çift, beklemek, bekliyorum, şaşırdım, anlamıyorum, gelmedi, yapılmadı, sonunda,
        artık, yine, gene, halen, hâlâ, zor, zorluk*",
    slightly_negative: "
        maalesef, malesef, ne yazık ki, sorun*, problem*, hata*, yanlış*, çalışmıyor, acil, şikayet*, ama,
        fakat, ancak, arıza*, eksik*, borç*",
    very_positive: "
        mükemmel*, harika*, muhteşem*, şahane*, kusursuz*, süpersiniz, efsane*, çok memnun*, çok mutlu*,
        çok teşekkür ederim yardım*, sonsuz teşekkür*, binlerce teşekkür*, tavsiye ederim, herkese tavsiye,
        tebrik ederim, tebrikler ekip, on numara, bayıldım, iyi ki varsınız",
    positive: "
        süper, memnun*, memnuniyet*, mutlu*, minnettar*, sevindim, seviniyorum, güler yüz*, güleryüz*,
        nazik*, kibar*, yardımsever*, yardımcı oldu*, profesyonel*, ilgili davran*, ilgi ve alaka*,
        hızlı çöz*, hızlı dönüş*, hızlı cevap*, hızlı yanıt*, çok hızlı, çabuk, çok iyi, çok güzel,
        başarılı*, çözüldü, sorun çözüldü, sorunum çözüldü, artık çalışıyor, halloldu, emeğinize sağlık,
        elinize sağlık, ellerinize sağlık, ilginiz için çok",
    mildly_positive: "
        iyi, güzel, hızlı, kolay, yardımcı, çok teşekkür*, çok sağ*, takdir*, beğen*",
    sarcastic: "
        aferin, bravo size, tebrikler size, ne güzel hizmet, helal olsun size, sağ olun ya,
        çok sağ olun gerçekten, eksik olmayın, hizmet bu mu, böyle hizmet",
    neutral: "
        iyi günler, iyi akşamlar, iyi geceler, iyi çalışmalar, iyi haftalar, iyi hafta sonları,
        iyi bayramlar, güzel günler, şimdiden teşekkür*, şimdiden çok teşekkür*, yardımınız için teşekkür*,
        ilginiz için teşekkür*, cevabınız için teşekkür*, bilgilendirme için teşekkür*,
        yardımcı olur musunuz, yardımcı olursanız, yardımcı olabilir misiniz, yardımcı olmanızı, sevinirim,
        memnun olurum, mutlu olurum, minnettar olurum, sorun yok, sorun değil, problem değil, acil değil,
        kolay gelsin, en kısa sürede, en hızlı, hayırlı işler, yeterli, artık oturmuyorum,
        artık kullanmıyorum, yine de teşekkür*, iyi olur, güzel olur, bekliyorum cevabınızı,
        cevabınızı bekliyorum, bilgi bekliyorum, dönüşünüzü bekliyorum, haber bekliyorum, borç yok,
        zorunlu*, saygılar*, asla değil",
    thanks: "
        teşekkürler, teşekkür ederim, teşekkür ederiz, teşekkür, sağol, sağolun, sağ olun, tşk",
    negators: "
        değil, yok, hiç, olmadan, ne de, asla",
    intensifiers: "
        çok, gerçekten, aşırı, son derece, tamamen, resmen, bayağı, o kadar, bu kadar, kesinlikle",
    sarcasm_openers: "
        süper, harika, bravo, tebrikler, aferin, mükemmel, teşekkürler, helal, ne güzel, çok güzel",
};

pub const ITALIAN: Lexicon = Lexicon {
    very_negative: "
        vergogn*, scandal*, inaccettabil*, inammissibil*, intollerabil*, insopportabil*, indecen*, indegn*,
        schifo, schifos*, pessim*, orribil*, terribil*, disastr*, catastrof*, ridicol*, assurd*,
        incredibil*, furios*, arrabbiat*, incazzat*, infuriat*, indignat*, esasperat*, non ne posso più,
        truff*, ladr*, rubare, rubato, furto, imbrogli*, bugiard*, bugie, menzogn*, incompeten*, incapac*,
        cazzo, merda, avvocat*, legale, vie legali, azioni legali, tribunale, denunc*, querela, codacons,
        altroconsumo, arera, associazione consumatori, diffida, diffido, mai più, il peggior*, peggior*,
        paura, disperat*, angosci*, panico, terrorizzat*, non so più cosa fare, minacc*, presa in giro,
        prendete in giro, prendere in giro, state scherzando, è uno scherzo, state alla larga, allucinante,
        penos*, vi prego aiutatemi, stanco di, stanca di, stufo, stufa, adesso basta, ora basta",
    negative: "
        delus*, deludent*, delusione, insoddisfatt*, scontent*, non sono soddisfatt*, non sono content*,
        irritat*, infastidit*, frustrat*, frustrante, seccat*, amareggiat*, rammaricat*, triste, maleducat*,
        scortes*, sgarbat*, poco professional*, disonest*, preoccupat*, preoccupa, preoccupazione, ansia,
        stress*, cattiv*, ancora nessuna, ancora niente, ancora nulla, ancora non, nessuna risposta,
        nessun riscontro, senza risposta, nessuno risponde, nessuno mi, nessuno, mai risposto,
        mai richiamat*, irraggiungibil*, da settimane, da mesi, da # settimane, da # mesi, # volte, # volta,
        ennesima, ennesimo, per l'ennesima volta, più volte, ripetutamente, di nuovo, continuamente,
        sto aspettando da, aspetto da, attendo da, aspettato tutto, perdita di tempo, perso tempo,
        troppo alt*, troppo car*, esagerat*, ingiust*, ingiustificat*, illegittim*, incomprensibil*,
        pretendo, esigo, immediatamente, immediato rimborso, quanto ancora, quando finalmente,
        reclamo formale, sporgo reclamo, sporgere reclamo, mi lamento, lamentarmi, sconsigli*,
        non consiglio, pent*, cambio gestore, cambierò gestore, cambiare gestore, senza preavviso,
        senza il mio consenso, senza autorizzazione, scioccat*, sconcertat*, allibit*, staccare la luce,
        staccano la luce, taglio della luce",
    mildly_negative: "
        ancora, nuovamente, troppo, lung*, lent*, complicat*, difficil*, confus*, poco chiar*, sorpres*,
        ritardo*, rott*, guast*, doppi*, due volte, finalmente, non capisco, non riesco, perso, persa,
        persi, strano, strana",
    slightly_negative: "
        purtroppo, problem*, error*, sbagliat*, non corrett*, non funziona, urgent*, reclam*, ma, però,
        sollecit*, peccato, scusate ma",
    very_positive: "
        eccellent*, ottim*, perfett*, fantastic*, meraviglios*, magnific*, straordinari*, splendid*,
        eccezional*, impeccabil*, complimenti, mille grazie per, grazie infinite, grazie di cuore,
        infinitamente grat*, molto soddisfatt*, soddisfattissim*, felicissim*, contentissim*,
        consigliatissim*, lo consiglio, consiglio vivamente, continuate così, bravissim*, gentilissim*",
    positive: "
        super, soddisfatt*, content*, felice, felici, riconoscent*, sollevat*, cortes*, disponibil*,
        professional*, competent*, efficient*, veloc*, rapid*, rapidità, velocità, celere, brav*,
        molto bene, molto buon*, ottimo lavoro, tutto risolto, problema risolto, risolt*, tutto funziona,
        ora funziona, adesso funziona, piacevol*, simpatic*, utilissim*, grazie per la velocità,
        grazie per la rapida, grazie per la gentilezza, gentilezza, vorrei ringraziare, volevo ringraziare,
        ringraziarvi, grato, grata, grati",
    mildly_positive: "
        bene, buon*, bell*, facile, utile, chiar*, gentile, grazie mille, apprezz*",
    sarcastic: "
        grazie per niente, grazie di niente, grazie di nulla, grazie tante, bravi complimenti,
        complimenti per la, complimenti davvero, bel servizio, ma che bravi, che bel servizio,
        come al solito, chiamate servizio, lo chiamate servizio, congratulazioni",
    neutral: "
        buongiorno, buonasera, buona giornata, buona serata, buon giorno, buon lavoro, buon weekend,
        buona domenica, buone feste, buone vacanze, buon pomeriggio, grazie in anticipo,
        grazie mille in anticipo, ringrazio anticipatamente, ringrazio in anticipo,
        vi ringrazio in anticipo, gentile cliente, gentile, gentili, gentile servizio, gentilmente,
        cortesemente, cortese riscontro, cortese risposta, cortese, distinti saluti, cordiali saluti,
        grazie per la risposta, grazie per l'aiuto, grazie dell'aiuto, in attesa di, sarei grat*,
        vi sarei grat*, sarei felice, rapido riscontro, una rapida risposta, risposta rapida,
        il prima possibile, prima possibile, nessun problema, non c'è problema, senza problemi, non urgente,
        va bene, bene così, ancora grazie, disponibile per, disponibile a, sono disponibile, disponibilità,
        ma anche, buono sconto, bella giornata, rappresentante legale, sede legale, # volte l'anno",
    thanks: "
        grazie, vi ringrazio, la ringrazio, ringrazio, ringraziamenti",
    negators: "
        non, mai, senza, nessun, nessuna, niente, nulla, né, poco, per niente",
    intensifiers: "
        molto, davvero, veramente, così, troppo, estremamente, assolutamente, completamente, tanto,
        particolarmente",
    sarcasm_openers: "
        bravi, complimenti, ottimo, perfetto, fantastico, grazie, super, benissimo, bene, congratulazioni,
        che bello",
};

pub const SPANISH: Lexicon = Lexicon {
    very_negative: "
        vergüenza, vergonzos*, escándalo, escandalos*, inaceptabl*, inadmisibl*, intolerabl*, insoportabl*,
        indignant*, indignad*, indignación, pésim*, horribl*, terribl*, desastr*, catastr*, lamentabl*,
        patétic*, ridícul*, absurd*, increíbl*, furios*, enfadad*, enojad*, cabread*, rabia, estoy harto,
        estoy harta, hasta las narices, ya basta, basta ya, estafa*, estafador*, timo, robo, robando, roban,
        ladrones, ladrón, engañ*, mentira*, mentiros*, mienten, incompeten*, inútil*, mierda, joder, puta,
        abogad*, acciones legales, tribunales, juzgado, demandar*, denuncia*, denunciar*, ocu, facua,
        defensor del consumidor, hoja de reclamaciones, nunca más, jamás, lo peor, peor, asco, miedo,
        desesperad*, desesper*, angusti*, pánico, aterr*, no sé qué hacer, amenaz*, tomadura de pelo,
        tomando el pelo, toman el pelo, es una broma, esto es una broma, burla, sinvergüenz*,
        me van a cortar, cortar la luz, me corten la luz, harto, harta, hartos, una demanda",
    negative: "
        decepcion*, decepcionant*, insatisfech*, descontent*, no estoy satisfech*, no estoy content*,
        molest*, frustrad*, frustrant*, irritad*, disgustad*, triste, maleducad*, grosero*, groser*,
        poco profesional*, deshonest*, preocupad*, preocupa, preocupación, ansiedad, estrés, estresad*,
        muy mal, mal servicio, todavía no, aún no, sigo sin, seguimos sin, sigue sin, ninguna respuesta,
        sin respuesta, nadie responde, nadie contesta, nadie me, nadie, nunca responden, nunca contestan,
        nunca me, ignora*, ignorando, desde hace semanas, desde hace meses, hace # semanas, hace # meses,
        llevo # semanas, llevo # meses, llevo semanas, llevo meses, llevo esperando, llevo más de, # veces,
        # vez, por enésima vez, enésima, varias veces, repetidas veces, una y otra vez, otra vez, de nuevo,
        constantemente, pérdida de tiempo, perder el tiempo, demasiado alt*, demasiado car*, abusiv*, abuso,
        injust*, injustificad*, incomprensibl*, exijo, exigimos, inmediatamente, inmediata devolución,
        hasta cuándo, cuánto más, cuándo piensan, queja formal, poner una queja, presentar una queja,
        presentar una reclamación, me quejo, no recomiendo, no lo recomiendo, arrepient*,
        cambiar de compañía, cambiaré de compañía, me cambio de compañía, sin previo aviso,
        sin mi consentimiento, sin avisar, sin autorización, sorprendid* negativamente, alucin*,
        impresentabl*, mal, mala, malo, malas, malos, maltrato",
    mildly_negative: "
        sigo, sigue, nuevamente, demasiado, lent*, complicad*, difícil*, rar*, extrañ*, confus*, poco clar*,
        sorprend*, retras*, tarde, averiad*, perdid*, doble, dos veces, por fin, no entiendo, no comprendo,
        no puede ser, roto, rota",
    slightly_negative: "
        lamentablemente, desafortunadamente, desgraciadamente, problem*, error*, equivocad*, incorrect*,
        no funciona, urgent*, reclamación, reclamacion*, queja*, pero, avería*, lástima",
    very_positive: "
        excelent*, perfect*, fantástic*, maravillos*, estupend*, magnífic*, extraordinari*, genial*,
        fenomenal*, excepcional*, increíble servicio, inmejorabl*, impecabl*, mil gracias,
        muchísimas gracias por, infinitas gracias, muy satisfech*, muy content*, encantad*, encantadísim*,
        lo recomiendo, recomiendo totalmente, recomendabl*, sigan así, seguid así, felicit*, enhorabuena a,
        de diez, un diez",
    positive: "
        súper, satisfech*, content*, feliz, felices, agradecid*, aliviad*, amabl*, amabilidad, atent*,
        simpátic*, profesional*, competent*, eficient*, eficaz, eficacia, rápid*, rapidez, muy bien,
        muy buen*, buen trabajo, buen servicio, buena atención, todo resuelto, problema resuelto, resuelt*,
        solucionad*, todo funciona, ya funciona, funciona perfectamente, agradabl*, gracias por la rapidez,
        gracias por su rapidez, gracias por la ayuda tan, quería agradecer, quiero agradecer, agradecerles,
        gran trabajo, gran ayuda, gran servicio",
    mildly_positive: "
        bien, buen, buena, bueno, fácil, útil, clar*, agradezco, aprecio, muchas gracias por, ayudó",
    sarcastic: "
        gracias por nada, muchas gracias por nada, vaya servicio, menudo servicio, bonito servicio,
        qué bonito, qué maravilla de, qué bien, felicidades por, enhorabuena, enhorabuena por, como siempre,
        como de costumbre, lo llaman servicio, llaman atención",
    neutral: "
        buenos días, buenas tardes, buenas noches, buen día, buena tarde, buen fin, buenas,
        gracias de antemano, muchas gracias de antemano, gracias por adelantado, gracias por su ayuda,
        gracias por la ayuda, gracias por su respuesta, gracias por la respuesta,
        muchas gracias por su respuesta, muchas gracias por su ayuda, agradezco de antemano, agradecería,
        le agradecería, les agradecería, agradecido de antemano, quedo agradecid*, si son tan amables,
        sean tan amables, sería tan amable, tan amable, amablemente, amable respuesta, lo más rápido,
        lo antes posible, respuesta rápida, una pronta respuesta, sin problema*, no hay problema,
        ningún problema, no es urgente, está bien, bien recibido, más bien, feliz día, feliz navidad,
        feliz año, atentamente, saludos cordiales, estar encantado, estaría encantad*, encantado de,
        encantada de, demanda de energía, pero también, muchas gracias, otra vez gracias, bien sea,
        # veces al año",
    thanks: "
        gracias, muchas gracias, le agradezco, les agradezco",
    negators: "
        no, nunca, sin, ningún, ninguna, nada, ni, tampoco, poco",
    intensifiers: "
        muy, realmente, tan, demasiado, extremadamente, absolutamente, completamente, totalmente, súper,
        especialmente",
    sarcasm_openers: "
        genial, estupendo, fantástico, perfecto, gracias, muchas gracias, bravo, enhorabuena, felicidades,
        maravilloso, qué bien, muy bien, excelente",
};
