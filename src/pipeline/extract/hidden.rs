//! Digits that are no numbers: of accounts and telephones.

use super::token::{Kind, Token};

/// Blocks of an IBAN or of an account that is written like one are no numbers.
pub fn hide_accounts(tokens: &mut [Token<'_>]) {
    let mut at = 0;
    while at < tokens.len() {
        let first = at;
        at += 1;
        let is_iban = tokens[first].kind == Kind::Name && tokens[first].text.len() == 4 && {
            let bytes = tokens[first].text.as_bytes();
            bytes[..2].iter().all(u8::is_ascii_alphabetic) && bytes[2..].iter().all(u8::is_ascii_digit)
        };
        let is_block = |token: &Token<'_>| token.is_short_number(4) && token.text.len() == 4;
        if !is_iban && !is_block(&tokens[first]) {
            continue;
        }
        while tokens.get(at).is_some_and(|token| {
            let touches = token.start <= tokens[at - 1].end() + 1;
            touches && (is_block(token) || token.kind == Kind::Name && token.text.len() == 4)
        }) {
            at += 1;
        }
        if !is_iban && at - first < 4 {
            continue;
        }
        if tokens
            .get(at)
            .is_some_and(|token| token.is_short_number(4) && token.start <= tokens[at - 1].end() + 1)
        {
            at += 1;
        }
        tokens[first..at].iter_mut().for_each(|token| token.kind = Kind::Name);
    }
}

/// Telephone numbers are no numbers.
pub fn hide_phones(tokens: &mut [Token<'_>]) {
    let mut at = 0;
    while at < tokens.len() {
        let end = phone_end(tokens, at);
        tokens[at..end].iter_mut().for_each(|token| token.kind = Kind::Name);
        at = end.max(at + 1);
    }
}

/// The end of the telephone number that begins here; `at` where none does.
fn phone_end(tokens: &[Token<'_>], at: usize) -> usize {
    let has_plus = tokens[at].is_mark('+');
    let first = at + usize::from(has_plus);
    let Some(start) = tokens.get(first).filter(|token| token.kind == Kind::Digits) else { return at };
    let count = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let has_zero =
        start.text.starts_with('0') && !start.text.starts_with("000") && !start.text.contains(['.', ',']);
    if !has_plus && has_zero && start.text.split([' ', '\u{a0}']).count() > 2 {
        return first + 1;
    }
    let is_prefix = has_zero && (3..=6).contains(&count(start.text));
    if !has_plus && !is_prefix {
        let is_pair = |token: &Token<'_>| token.is_short_number(2) && token.text.len() == 2;
        let is_french =
            has_zero && tokens.get(first..first + 5).is_some_and(|pairs| pairs.iter().all(is_pair));
        return if is_french { first + 5 } else { at };
    }
    let mut end = first + 1;
    let mut digits = count(start.text);
    let mut parts = 1;
    let mut rest = end;
    while let Some(token) = tokens.get(rest).filter(|token| token.start <= tokens[rest - 1].end() + 1) {
        match token.kind {
            Kind::Mark('-' | '/' | '(' | ')' | '–') if rest < end + 3 => {}
            Kind::Digits if !token.text.contains([',', '.']) && digits + count(token.text) <= 15 => {
                digits += count(token.text);
                parts += 1;
                end = rest + 1;
            }
            _ => break,
        }
        rest += 1;
    }
    let first_group = start.text.split([' ', '\u{a0}']).next().map_or(0, str::len);
    let is_phone = if has_plus { digits >= 6 } else { parts > 1 && digits >= 7 && first_group <= 5 };
    if is_phone { end } else { at }
}
