/**
 * Common passwords of at least twelve characters, in lower case: from leaked password lists, keyboard patterns, and
 * defaults of machines and robots. Repetitions are detected separately.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  'correct horse battery staple',
  ...`
    123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123456789101112 12345678910111213
    0123456789012 012345678901 098765432109 0987654321098 123456123456 123321123321 112233445566 11223344556677
    1122334455667788 123454321234 987654321098 987654321012 147258369147 147258369000 159753159753 159357159357
    741852963741 741852963000 789456123000 789456123789 123456789abc 123456789abcd 123456789qwe 123456789qwerty
    abc123456789 a123456789012 abcd12345678 abcdefghijkl abcdefghijklm abcdefghijklmn abcdefghijklmnopqrstuvwxyz
    abcdefgh1234 abcdefg12345 abc123abc123 abcd1234abcd abcd1234abcd1234 aa123456789a qwertyuiop12 qwertyuiop123
    qwertyuiop1234 qwertyuiop[] qwertyuiopas qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwerty123456
    qwerty1234567 qwerty12345678 qwerty123456789 qwertyqwerty qwertyqwerty123 qwerty123qwerty qwerty654321 qwertyasdfgh
    qwertyasdfzxcv qwertzuiop123 qwertzuiopasdf azertyuiop12 azertyuiop123 azertyuiopqs asdfghjkl123 asdfghjkl1234
    asdfghjklqwertyuiop asdfghjklzxcvbnm asdfqwerzxcv zxcvbnm12345 zxcvbnm123456 zxcvbnmasdfghjkl zaq12wsxcde3
    zaq12wsxzaq12wsx zaq1xsw2cde3 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx1qaz2wsx !qaz2wsx3edc 1qazxsw23edc 1qazxsw2!qaz
    q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p
    1q2w3e4r1q2w3e4r 1234qwerasdf 1234qwerasdfzxcv qwer1234asdf qwer1234qwer qwer1234qwer1234 qweasdzxc123 qweasd123456
    asdf1234asdf asdf1234asdf1234 passwordpassword password1234 password12345 password123456 password1234567
    password12345678 password123456789 password2020 password2021 password2022 password2023 password2024 password2025
    password2026 password1234! password123! password123!! password@123 password@1234 password!123 password0000
    password1111 password9999 p@ssw0rd1234 p@ssw0rd123! p@ssword1234 p@ssw0rd2024 p@ssw0rd2025 passw0rd1234 passw0rd123!
    p@$$w0rd1234 pa$$word1234 mypassword12 mypassword123 mypassword1234 newpassword1 newpassword12 newpassword123
    thisismypassword thepassword1 changeme1234 changeme12345 changeme123! changemeplease changemenow1 changeitnow1
    letmeinletmein letmein12345 letmein123456 letmeinplease welcome12345 welcome123456 welcome1234! welcome@1234
    welcomewelcome welcome2024! welcome2025! administrator administrator1 administrator123 administrator1234
    adminadminadmin admin1234567 admin12345678 admin123456789 admin123admin admin@123456 admin1234admin adminpassword
    adminpassword1 root12345678 superuser123 supervisor12 operator1234 technician12 engineer1234 maintenance1
    maintenance123 defaultpassword default12345 secretpassword secret123456 secretsecret testpassword testing12345
    testing123456 test12345678 test123456789 guestguestguest guest1234567 user12345678 temppassword temporary123
    pleasechangeme robotrobot12 robotrobotrobot robot1234567 robot12345678 raspberry123 raspberrypi1 ubuntuubuntu
    ubuntu123456 nvidianvidia jetsonjetson turtlebot123 turtlebot1234 iloveyou1234 iloveyou12345 iloveyou123456
    iloveyou1234567 iloveyouiloveyou iloveyousomuch iloveyouforever ihateyou1234 princess1234 princess12345 sunshine1234
    sunshine12345 football1234 football12345 baseball1234 basketball12 basketball123 superman1234 batman123456
    spiderman123 dragon123456 monkey123456 master123456 mastermaster shadow123456 michael12345 michelle1234 jennifer1234
    jordan123456 charlie12345 liverpool123 liverpoolfc1 chelseafc123 manchester12 manchesterunited arsenal12345
    barcelona123 realmadrid12 unbelievable unforgettable everlasting1 motherfucker motherfucker1 fuckyoufuckyou
    fuckyou12345 chocolate123 strawberry12 butterfly123 computer1234 computer12345 internet1234 samsung12345
    samsunggalaxy googlegoogle facebook1234 trustno1trustno1 trustnoone12 whatever1234 starwars1234
    correcthorsebatterystaple onetwothreefour alphabravocharlie therealslimshady blink182blink182 godisgood123
    jesuschrist1 jesuschrist7 ilovejesus12 password-1234 password_1234 pass12345678 pass123456789 pass1234pass
    pass1234word passphrase123
  `
    .trim()
    .split(/\s+/),
]);
