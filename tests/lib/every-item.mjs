// A Request with every kind of item and every value type that a person can enter, and how each is filled in.

/** A day as the language writes it. */
const day = (language, year, month, date) =>
    language === "de" ? `${date}.${month}.${year}` : `${month}/${date}/${year}`;

const identity = (value, tags) => ({ "@type": "IdentityAttribute", owner: "", value, ...(tags ? { tags } : {}) });
const relationship = (key, value, more) => ({
    "@type": "RelationshipAttribute",
    owner: "",
    key,
    confidentiality: "private",
    isTechnical: false,
    value,
    ...more
});
const item = (type, more) => ({ "@type": type, mustBeAccepted: true, ...more });
const group = (title, items) => ({ "@type": "RequestItemGroup", title, items });

/** What is typed for each value type of the person: the inputs by their names. */
const OWN = (language) => ({
    GivenName: { value: "Ada" },
    Surname: { value: "Lovelace" },
    MiddleName: { value: "Augusta" },
    BirthName: { value: "Byron" },
    DisplayName: { value: "Ada L." },
    Pseudonym: { value: "Enchantress" },
    HonorificPrefix: { value: "Countess" },
    HonorificSuffix: { value: "FRS" },
    BirthDate: { date: day(language, 1985, 12, 10) },
    BirthPlace: { city: "London", country: "GB" },
    Nationality: { value: "GB" },
    Citizenship: { value: "DE" },
    Sex: { "value-female": true },
    MaritalStatus: { "value-married": true },
    EMailAddress: { value: "ada@example.org" },
    PhoneNumber: { value: "+49 731 4711" },
    FaxNumber: { value: "+49 731 4712" },
    Website: { value: "https://www.example.org" },
    CommunicationLanguage: { value: "de" },
    StreetAddress: { recipient: "Ada Lovelace", street: "Ufergasse", houseNo: "12a", zipCode: "12345", city: "Köln", country: "DE" },
    PostOfficeBoxAddress: { recipient: "Ada Lovelace", boxId: "4711", zipCode: "12345", city: "Köln", country: "DE" },
    DeliveryBoxAddress: { recipient: "Ada Lovelace", userId: "815", deliveryBoxId: "123", zipCode: "12345", city: "Köln", country: "DE", phoneNumber: "+49 731 4711" },
    JobTitle: { value: "Engineer" },
    Affiliation: { organization: "Analytical Society", role: "Member", unit: "Engines" },
    BankAccount: { accountHolder: "Ada Lovelace", iban: "DE89 3704 0044 0532 0130 00", bic: "COBADEFFXXX" },
    SchematizedJSON: { value: '{"engine":"analytical"}' },
    IdentityFileReference: { value: "RklMUmVmZXJlbmNlT2ZBRmlsZUZvclRlc3Rz" }
});

/** The same for the value types of a Relationship. */
const RELATIONSHIP = {
    ProprietaryString: "0471",
    ProprietaryInteger: "42",
    ProprietaryFloat: "1.5",
    ProprietaryBoolean: true,
    ProprietaryCountry: "DE",
    ProprietaryLanguage: "de",
    ProprietaryEMailAddress: "desk@example.org",
    ProprietaryPhoneNumber: "+49 731 4713",
    ProprietaryURL: "https://www.example.org/card",
    ProprietaryHEXColor: "#0B6660",
    ProprietaryJSON: '{"shelf":3}',
    ProprietaryXML: "<shelf>3</shelf>",
    ProprietaryFileReference: "RklMUmVmZXJlbmNlT2ZBRmlsZUZvclRlc3Rz"
};

/** Fills in the new value of an item. */
const fillNew = (inputs) => async (page, path) => {
    for (const [name, text] of Object.entries(inputs)) {
        if (text === true) await page.click(`item-${path}-new-${name}`);
        else await page.fill(`item-${path}-new-${name}`, text);
    }
};
const nothing = async () => {};
const click = (...names) => async (page, path) => {
    for (const name of names) await page.click(`item-${path}-${name}`);
};
const type = (text) => async (page, path) => page.fill(`item-${path}-response`, text);

const read = (query, more) => item("ReadAttributeRequestItem", { query, ...more });

/** Groups of items, each with its title, its items and how a person answers them. */
export function everything(language, file) {
    const field = (title, settings, fill) => [item("FormFieldRequestItem", { title, settings }), fill];
    const propose = (value) => item("ProposeAttributeRequestItem", {
        query: { "@type": "IdentityAttributeQuery", valueType: value["@type"] },
        attribute: identity(value)
    });
    return [
        {
            title: "About you",
            rows: Object.entries(OWN(language)).map(([valueType, inputs]) => [
                read({ "@type": "IdentityAttributeQuery", valueType }),
                fillNew(inputs)
            ])
        },
        {
            title: "For this contact",
            rows: Object.entries(RELATIONSHIP).map(([valueType, text]) => [
                read({
                    "@type": "RelationshipAttributeQuery",
                    key: `key${valueType}`,
                    owner: "",
                    attributeCreationHints: { "@type": "RelationshipAttributeCreationHints", title: `Our ${valueType.slice(11)}`, description: "As on the card", valueType, confidentiality: "protected" }
                }),
                fillNew(text === true ? { "value-true": true } : { value: text })
            ])
        },
        {
            title: "What you have and get",
            rows: [
                [read({ "@type": "IQLQuery", queryString: "EMailAddress || #x:work", attributeCreationHints: { "@type": "IQLQueryCreationHints", valueType: "EMailAddress" } }), fillNew({ value: "work@example.org" })],
                [read({ "@type": "ThirdPartyRelationshipAttributeQuery", key: "customerNumber", owner: "", thirdParty: [""] }, { mustBeAccepted: false }), null],
                [propose({ "@type": "JobTitle", value: "Countess of Computing" }), nothing],
                [propose({ "@type": "Nationality", value: "FR" }), async (page, path) => {
                    await page.click(`item-${path}-proposal-edit`);
                    await page.clear(`item-${path}-new-value`);
                    await page.fill(`item-${path}-new-value`, "AT");
                }],
                [item("CreateAttributeRequestItem", { attribute: relationship("customerNumber", { "@type": "ProprietaryString", title: "Customer number", value: "4711" }) }), nothing],
                [item("CreateAttributeRequestItem", { attribute: relationship("rating", { "@type": "ProprietaryInteger", title: "Rating", value: 5 }, { owner: "<forger>" }) }), nothing],
                [item("CreateAttributeRequestItem", { attribute: identity({ "@type": "DisplayName", value: "Ada of the library" }) }), nothing],
                [item("ShareAttributeRequestItem", { attributeId: "ATTsharedByTheForger", attribute: { "@type": "IdentityAttribute", owner: "<forger>", value: { "@type": "DisplayName", value: "City library" } } }), nothing],
                [item("DeleteAttributeRequestItem", { attributeId: "ATTthatIsNotHereAtAl" }), click("deletion-in14")],
                [item("TransferFileOwnershipRequestItem", { fileReference: file.reference, ownershipToken: file.ownershipToken }), nothing]
            ]
        },
        {
            title: "Our questions",
            rows: [
                field("What shall we call you?", { "@type": "StringFormFieldSettings", min: 2, max: 20 }, type("Ada")),
                field("Tell us about yourself", { "@type": "StringFormFieldSettings", allowNewlines: true, max: 500 }, type("I like engines.")),
                field("How tall are you?", { "@type": "IntegerFormFieldSettings", unit: "cm", min: 50, max: 250 }, type("172")),
                field("How heavy is your bag?", { "@type": "DoubleFormFieldSettings", unit: "kg" }, type(language === "de" ? "6,5" : "6.5")),
                field("Do you play chess?", { "@type": "BooleanFormFieldSettings" }, click("response-false")),
                field("When do you start?", { "@type": "DateFormFieldSettings" }, type(day(language, 2030, 1, 2))),
                field("How do you come?", { "@type": "SelectionFormFieldSettings", options: ["Bus", "Train", "Bike"] }, click("response-1")),
                field("What do you read?", { "@type": "SelectionFormFieldSettings", allowMultipleSelection: true, options: Array.from({ length: 40 }, (_, index) => `Shelf ${index + 1}`) }, click("response-2", "response-0")),
                field("How do you like us?", { "@type": "RatingFormFieldSettings", maxRating: 5 }, click("response-4")),
                [item("FreeTextRequestItem", { freeText: "Anything else?" }), type("No, thank you.")],
                [item("ConsentRequestItem", { consent: "I agree to the rules of the house.", link: "https://www.example.org/rules", linkDisplayText: "Rules", requiresInteraction: true }), click("tick")],
                [item("AuthenticationRequestItem", { title: "Confirm that it is you" }), click("confirm")],
                [item("RegisterAttributeListenerRequestItem", { mustBeAccepted: false, query: { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" } }), null],
                [item("ShareCredentialOfferRequestItem", { mustBeAccepted: false, credentialOfferUrl: "openid-credential-offer://example.org" }), null]
            ]
        }
    ];
}

/** The content of a template that asks for all of it. */
export const content = (groups) => ({
    "@type": "RelationshipTemplateContent",
    title: "City library",
    onNewRelationship: {
        "@type": "Request",
        title: "Everything there is",
        description: "Every kind of question, once.",
        items: groups.map(({ title, rows }) => group(title, rows.map(([one]) => one)))
    }
});
