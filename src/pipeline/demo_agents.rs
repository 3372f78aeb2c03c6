//! The AI agents of the demo tenant, a utility.

use serde_json::{Value, json};

/// The six documents, without ids; the general question comes last and stands only where none of the others
/// fits.
pub fn documents() -> Vec<Value> {
    vec![meter_reading(), deposit(), bank_data(), relocation(), cancellation(), general_question()]
}

fn meter_reading() -> Value {
    json!({
        "code": "process_meter_reading",
        "name": "Meter reading",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": true,
            "prompt": "The customer submits a meter reading or corrects one",
            "keywords": [
                "Zählerstand", "Zählerstände", "Ablesung", "meter reading", "relevé de compteur", "meterstand", "stan licznika",
                "sayaç değeri", "lettura del contatore", "lectura del contador"
            ],
            "conditions": []
        },
        "parameters": [
            {"key": "meterValue", "name": "Meter value", "type": "number", "required": true, "pattern": null, "values": []},
            {"key": "readingDate", "name": "Date of the reading", "type": "date", "required": false, "pattern": null, "values": []}
        ],
        "options": [
            {"type": "enter_into_system", "name": "Enter the reading", "icon": "check", "recommended": true, "order": 1},
            {"type": "reject_reading", "name": "Reject as implausible", "icon": "warning", "recommended": false, "order": 2},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 3}
        ],
        "messages": {
            "preview": "The meter reading {meterValue} will be entered.",
            "success": "The meter reading was entered.",
            "missing": "The text names no meter reading."
        },
        "autoExecutable": true
    })
}

fn deposit() -> Value {
    json!({
        "code": "change_deposit",
        "name": "Deposit",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": true,
            "prompt": "The customer wants to raise or lower the monthly deposit",
            "keywords": [
                "Abschlag", "Abschlagszahlung", "monatlicher Abschlag", "monthly deposit", "monthly payment", "instalment", "mensualité",
                "termijnbedrag", "voorschot", "zaliczka", "aylık ödeme", "rata mensile", "cuota mensual"
            ],
            "conditions": []
        },
        "parameters": [
            {"key": "depositAmount", "name": "New deposit", "type": "number", "required": true, "pattern": null, "values": []},
            {"key": "validFrom", "name": "Valid from", "type": "date", "required": false, "pattern": null, "values": []}
        ],
        "options": [
            {"type": "change_deposit", "name": "Change the deposit", "icon": "check", "recommended": true, "order": 1},
            {"type": "explain_deposit", "name": "Explain the calculation", "icon": "info", "recommended": false, "order": 2},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 3}
        ],
        "messages": {
            "preview": "The monthly deposit will be {depositAmount} EUR.",
            "success": "The deposit was changed.",
            "missing": "The text names no new deposit."
        },
        "autoExecutable": true
    })
}

fn bank_data() -> Value {
    json!({
        "code": "change_bank_data",
        "name": "Bank data",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": true,
            "prompt": "The customer has a new bank account or gives a direct debit mandate",
            "keywords": [
                "Bankverbindung", "Kontodaten", "neue IBAN", "SEPA-Lastschriftmandat", "bank details", "bank account", "coordonnées bancaires",
                "bankgegevens", "dane bankowe", "banka bilgileri", "coordinate bancarie", "datos bancarios"
            ],
            "conditions": []
        },
        "parameters": [
            {"key": "iban", "name": "IBAN", "type": "iban", "required": true, "pattern": null, "values": []},
            {"key": "validFrom", "name": "Valid from", "type": "date", "required": false, "pattern": null, "values": []}
        ],
        "options": [
            {"type": "change_bank_data", "name": "Change the bank data", "icon": "check", "recommended": true, "order": 1},
            {"type": "request_mandate", "name": "Ask for a mandate", "icon": "mail", "recommended": false, "order": 2},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 3}
        ],
        "messages": {
            "preview": "The bank account will be {iban}.",
            "success": "The bank data were changed.",
            "missing": "The text names no valid IBAN."
        },
        "autoExecutable": false
    })
}

fn relocation() -> Value {
    json!({
        "code": "process_move",
        "name": "Move",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": true,
            "prompt": "The customer moves out, moves in or has a new address",
            "keywords": [
                "Umzug", "umziehen", "Einzug", "Auszug", "neue Adresse", "moving house", "new address", "déménagement", "verhuizing",
                "przeprowadzka", "taşınma", "trasloco", "mudanza"
            ],
            "conditions": []
        },
        "parameters": [
            {"key": "moveDate", "name": "Date of the move", "type": "date", "required": true, "pattern": null, "values": []},
            {"key": "newAddress", "name": "New address", "type": "address", "required": false, "pattern": null, "values": []}
        ],
        "options": [
            {"type": "take_contract_along", "name": "Take the contract along", "icon": "truck", "recommended": true, "order": 1},
            {"type": "end_contract", "name": "End the contract", "icon": "door", "recommended": false, "order": 2},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 3}
        ],
        "messages": {
            "preview": "The move on {moveDate} to {newAddress} will be registered.",
            "success": "The move was registered.",
            "missing": "The text names no date of the move."
        },
        "autoExecutable": false
    })
}

fn cancellation() -> Value {
    json!({
        "code": "process_cancellation",
        "name": "Cancellation",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": true,
            "prompt": "The customer gives notice",
            "keywords": [
                "Kündigung", "kündigen", "Sonderkündigung", "cancel my contract", "cancellation", "terminate my contract", "résiliation", "résilier",
                "opzeggen", "opzegging", "wypowiedzenie", "fesih", "disdetta", "rescisión", "darme de baja"
            ],
            "conditions": []
        },
        "parameters": [
            {"key": "endDate", "name": "End of the contract", "type": "date", "required": false, "pattern": null, "values": []},
            {"key": "email", "name": "E-mail for the confirmation", "type": "email", "required": false, "pattern": null, "values": []}
        ],
        "options": [
            {"type": "confirm_cancellation", "name": "Confirm the cancellation", "icon": "check", "recommended": true, "order": 1},
            {"type": "offer_retention", "name": "Make a better offer", "icon": "gift", "recommended": false, "order": 2},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 3}
        ],
        "messages": {
            "preview": "The contract will end on {endDate}.",
            "success": "The cancellation was confirmed.",
            "missing": ""
        },
        "autoExecutable": false
    })
}

/// Anybody may ask something.
fn general_question() -> Value {
    json!({
        "code": "answer_general_question",
        "name": "General question",
        "enabled": true,
        "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection",
            "customerNeeded": false,
            "prompt": "A question that none of the others answers",
            "keywords": [
                "allgemeine Frage", "general question", "question générale", "algemene vraag", "pytanie ogólne", "genel soru", "domanda generale",
                "pregunta general"
            ],
            "conditions": []
        },
        "parameters": [],
        "options": [
            {"type": "answer", "name": "Answer", "icon": "chat", "recommended": true, "order": 1},
            {"type": "ignore", "name": "Ignore", "icon": "cancel", "recommended": false, "order": 2}
        ],
        "messages": {
            "preview": "The question will be answered from the knowledge base.",
            "success": "The question was answered.",
            "missing": ""
        },
        "autoExecutable": false
    })
}

#[cfg(test)]
mod tests {
    use super::documents;
    use crate::pipeline::definition::{ai_agent, ai_agent_document};

    #[test]
    fn every_document_is_a_valid_agent() {
        let agents: Vec<_> =
            documents().iter().zip(1..).map(|(document, id)| ai_agent(id, document).unwrap()).collect();
        assert_eq!(agents.len(), 6);
        assert_eq!(agents[0].code, "process_meter_reading");
        assert_eq!(agents[0].parameters[0].key, "meterValue");
        for agent in &agents {
            assert_eq!(ai_agent(agent.id, &ai_agent_document(agent)).unwrap(), *agent);
        }
    }
}
